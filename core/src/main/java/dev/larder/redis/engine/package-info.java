/**
 * What answers at the other end: product, version and commands, detected and never assumed. {@link
 * dev.larder.redis.engine.Engine} asks for it. Where the user may not run COMMAND, a list that is
 * shipped serves; where he may not run INFO, the engine counts as the oldest.
 */
@NullMarked
package dev.larder.redis.engine;

import org.jspecify.annotations.NullMarked;

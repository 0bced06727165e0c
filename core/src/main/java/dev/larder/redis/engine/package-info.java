/**
 * What answers at the other end: product, version and commands, detected and never assumed. {@link
 * dev.larder.redis.engine.Engine} asks for it; whoever may not run INFO and COMMAND does without.
 */
@NullMarked
package dev.larder.redis.engine;

import org.jspecify.annotations.NullMarked;

/** A running node whose callers take all that they can get. */
@NullMarked
package dev.larder.server.limits;

import org.jspecify.annotations.NullMarked;

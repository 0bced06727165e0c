/** The port over TCP, on Lettuce. */
@NullMarked
package dev.larder.redis.lettuce;

import org.jspecify.annotations.NullMarked;

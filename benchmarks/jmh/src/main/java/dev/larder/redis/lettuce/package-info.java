/** Benchmarks of what core's package of this name keeps to itself. */
@NullMarked
package dev.larder.redis.lettuce;

import org.jspecify.annotations.NullMarked;

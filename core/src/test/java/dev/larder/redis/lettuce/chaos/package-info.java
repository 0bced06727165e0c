/**
 * What a connection to Redis promises, held against what can happen to it. {@link
 * dev.larder.redis.lettuce.chaos.Load} makes calls from many threads, {@link
 * dev.larder.redis.lettuce.chaos.Made} knows of each what it must be answered and what it may leave
 * in the engine, and the tests break engines and networks meanwhile. The {@code Soak}s are the same
 * with more of everything.
 */
@NullMarked
package dev.larder.redis.lettuce.chaos;

import org.jspecify.annotations.NullMarked;

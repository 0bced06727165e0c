/**
 * The port over TCP, on Lettuce: these packages are the only place of the library that knows
 * Lettuce. They compile and work with Lettuce 6.8 and 7.x, because an application brings its own.
 *
 * <p>The way of a call: {@link dev.larder.redis.lettuce.LettuceRedis} hands it to the {@code
 * CallLoop}, which takes it to the one event loop and keeps its time among the {@code Deadlines};
 * there a {@code Route} chooses the connection and sends an {@code Attempt}, and makes of its answer
 * the call's outcome, or the next attempt. Connections are in {@code link}, what is known of a
 * Cluster in {@code cluster}.
 */
@NullMarked
package dev.larder.redis.lettuce;

import org.jspecify.annotations.NullMarked;

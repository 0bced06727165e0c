/**
 * The port over TCP, on Lettuce: the only place of the library that knows Lettuce. It compiles and
 * works with Lettuce 6.8 and 7.x, because an application brings its own. {@link
 * dev.larder.redis.lettuce.LettuceRedis} is the port; {@link
 * dev.larder.redis.lettuce.LettuceClients} sets Lettuce up, for whoever needs more than the port.
 */
@NullMarked
package dev.larder.redis.lettuce;

import org.jspecify.annotations.NullMarked;

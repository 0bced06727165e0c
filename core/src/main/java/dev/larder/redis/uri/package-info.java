/**
 * Where Redis is, in one line: {@link dev.larder.redis.uri.RedisUri} names one engine, Sentinels or
 * a Cluster, and how to get in. What is wrong with a text is said with its password masked.
 */
@NullMarked
package dev.larder.redis.uri;

import org.jspecify.annotations.NullMarked;

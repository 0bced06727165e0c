/**
 * Engines that work together: {@link dev.larder.testkit.topology.RedisReplication}, {@link
 * dev.larder.testkit.topology.RedisSentinels} and {@link dev.larder.testkit.topology.RedisCluster}.
 * All are started with the same {@link dev.larder.testkit.topology.TopologyOptions}, and each is
 * formed and healed by plain commands, as no other program of Redis need be installed. Engines tell
 * nobody when they agree; so whatever must be agreed upon is asked for again and again until it is.
 */
@NullMarked
package dev.larder.testkit.topology;

import org.jspecify.annotations.NullMarked;

/**
 * Real engines for tests, and a clock that tests move.
 *
 * <p>{@link dev.larder.testkit.RealRedis} gives a test class an engine that is empty before each
 * test; {@link dev.larder.testkit.OnEachEngine} runs the class on the oldest engine that Larder
 * supports and on the newest one installed. {@link dev.larder.testkit.RedisProcess} is an engine to
 * be killed, paused and started again, for what happens then. {@link
 * dev.larder.testkit.topology.RedisTopology} are several of them that work together: replication,
 * Sentinels, a Cluster. {@link dev.larder.testkit.relay.TcpRelay} is the network in between, to be
 * broken. Nothing is ever mocked, and no engine outlives the tests' JVM.
 */
@NullMarked
package dev.larder.testkit;

import org.jspecify.annotations.NullMarked;

package dev.larder.testkit.topology;

import dev.larder.testkit.EngineOptions;
import java.time.Duration;

/**
 * How to start a topology; what is said of an engine holds for each of them.
 *
 * @param <T> the options themselves
 */
public abstract sealed class TopologyOptions<T extends TopologyOptions<T>> extends EngineOptions<T>
    permits RedisReplication.Options, RedisSentinels.Options, RedisCluster.Options {
  private final int fewestReplicas;
  private int replicas;
  private boolean relayed;
  private Duration replicationDelay = Duration.ZERO;

  TopologyOptions(int fewestReplicas, int replicas) {
    this.fewestReplicas = fewestReplicas;
    this.replicas = replicas;
  }

  /**
   * How many replicas each primary has.
   *
   * @throws IllegalArgumentException if they are too few for this topology
   */
  public T replicas(int replicas) {
    if (replicas < fewestReplicas) {
      throw new IllegalArgumentException(
          "replicas must be at least " + fewestReplicas + ", was " + replicas);
    }
    this.replicas = replicas;
    return self();
  }

  /**
   * Puts a relay in front of each engine, at whose port clients, replicas and Sentinels are told to
   * find it; see {@link RedisTopology#relayOf}. The nodes of a Cluster still find one another well
   * when it is cut, as their bus does not pass through it.
   */
  public T relayed() {
    relayed = true;
    return self();
  }

  /**
   * Lets replicas have each write that much later than their primary; implies {@link #relayed()}.
   * Clients are not delayed, and neither is a replica's first copy of the data. Not together with
   * {@link #tls()}: where all is encrypted, a relay cannot tell a replica from a client.
   *
   * @param delay zero for none
   * @throws IllegalArgumentException if it is negative
   */
  public T replicationDelay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a delay is not negative, was " + delay);
    }
    replicationDelay = delay;
    return self();
  }

  final int replicas() {
    return replicas;
  }

  final boolean isRelayed() {
    return relayed || !replicationDelay.isZero();
  }

  final Duration replicationDelay() {
    if (isTls() && !replicationDelay.isZero()) {
      throw new IllegalArgumentException(
          "replicationDelay needs connections without TLS, where a relay can tell replicas from"
              + " clients");
    }
    return replicationDelay;
  }
}

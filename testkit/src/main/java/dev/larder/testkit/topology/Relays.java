package dev.larder.testkit.topology;

import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.relay.TcpRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The relays in front of a topology's engines, in their order; none if none were asked for. */
final class Relays implements AutoCloseable {
  private final List<RedisProcess> engines;
  private final Duration replicationDelay;
  private final List<TcpRelay> relays = new ArrayList<>();

  /** In front of engines that are still to be started: as many as will be in the list. */
  Relays(TopologyOptions<?> options, List<RedisProcess> engines, int count) {
    this.engines = engines;
    this.replicationDelay = options.replicationDelay();
    try {
      for (int i = 0; options.isRelayed() && i < count; i++) {
        int index = i;
        relays.add(TcpRelay.to(() -> engines.get(index).port()));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Lines of redis.conf by which an engine announces its relay's port instead of its own. */
  List<String> announcement(int index, String... directives) {
    return relays.isEmpty()
        ? List.of()
        : List.of(directives).stream().map(it -> it + " " + relays.get(index).port()).toList();
  }

  /** Where clients are told to find an engine. */
  int portOf(RedisProcess engine) {
    return relays.isEmpty() ? engine.port() : of(engine).port();
  }

  TcpRelay of(RedisProcess engine) {
    if (relays.isEmpty()) {
      throw new IllegalStateException("the topology was not started with relays");
    }
    return relays.get(engines.indexOf(engine));
  }

  /**
   * How many replicas of a primary are connected. Where they are to lag behind: as the relay knows
   * too, which it does as soon as a replica has told its primary how far it has come.
   */
  long connectedReplicas(ReplicationState primary) {
    return replicationDelay.isZero() ? primary.replicas() : primary.replicasUpToDate();
  }

  void heal() {
    relays.forEach(TcpRelay::heal);
  }

  /** Runs something while replication is not delayed. */
  void withoutReplicationDelay(Runnable work) {
    relays.forEach(it -> it.delayReplication(Duration.ZERO));
    try {
      work.run();
    } finally {
      relays.forEach(it -> it.delayReplication(replicationDelay));
    }
  }

  @Override
  public void close() {
    relays.forEach(TcpRelay::close);
  }
}

package dev.larder.testkit.topology;

import dev.larder.testkit.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A primary and its replicas; the topology says which engine is the primary. */
final class ReplicaSet {
  private final List<RedisProcess> engines = new CopyOnWriteArrayList<>();
  private final TopologyOptions<?> options;
  private final Relays relays;
  private volatile Supplier<RedisProcess> primary = () -> engines.get(0);

  private ReplicaSet(TopologyOptions<?> options) {
    this.options = options;
    this.relays = new Relays(options, engines, 1 + options.replicas());
  }

  /** Returns when every replica is in sync with the primary, for now the first engine. */
  static ReplicaSet start(TopologyOptions<?> options) {
    var set = new ReplicaSet(options);
    try {
      set.start(0, 1);
      set.start(1, options.replicas());
      set.relays.withoutReplicationDelay(set::awaitSync);
      return set;
    } catch (RuntimeException | Error e) {
      set.engines.forEach(RedisProcess::close);
      set.relays.close();
      throw e;
    }
  }

  private void start(int first, int count) {
    engines.addAll(RedisTopology.startAll(count, index -> it -> configure(it, first + index)));
  }

  private void configure(RedisProcess.Options engine, int index) {
    // Without it, an engine that streams its data waits 5 s for more replicas.
    engine.config("repl-diskless-sync-delay 0");
    relays.announcement(index, "replica-announce-port").forEach(engine::config);
    options.copyTo(engine);
    engine.configAtStart(() -> role(index));
  }

  private List<String> role(int index) {
    boolean first = index == 0 && engines.isEmpty();
    return first || engines.indexOf(primary()) == index
        ? List.of()
        : List.of("replicaof 127.0.0.1 " + portOf(primary()));
  }

  List<RedisProcess> engines() {
    return List.copyOf(engines);
  }

  Relays relays() {
    return relays;
  }

  int portOf(RedisProcess engine) {
    return relays.portOf(engine);
  }

  RedisProcess primary() {
    return primary.get();
  }

  void primary(Supplier<RedisProcess> primary) {
    this.primary = primary;
  }

  List<RedisProcess> replicas() {
    List<RedisProcess> replicas = new ArrayList<>(engines);
    replicas.remove(primary());
    return List.copyOf(replicas);
  }

  /** Gives those that run their roles, if they have others. */
  void assignRoles() {
    RedisProcess now = primary();
    if (!ReplicationState.of(now).isPrimary()) {
      Connections.ask(now, "REPLICAOF", "NO", "ONE");
    }
    for (RedisProcess replica : replicas()) {
      if (replica.isRunning() && !ReplicationState.of(replica).follows(portOf(now))) {
        Connections.ask(replica, "REPLICAOF", "127.0.0.1", Integer.toString(portOf(now)));
      }
    }
  }

  /** Waits until all replicas that run have what the primary has now. */
  void awaitSync() {
    Poll.until("every replica in sync with its primary", this::isInSync);
  }

  boolean isInSync() {
    RedisProcess now = primary();
    var state = ReplicationState.of(now);
    List<RedisProcess> running = replicas().stream().filter(RedisProcess::isRunning).toList();
    return state.isPrimary()
        && relays.connectedReplicas(state) >= running.size()
        && running.stream()
            .map(ReplicationState::of)
            .allMatch(it -> it.isConnectedTo(portOf(now)) && it.offset() >= state.offset());
  }
}

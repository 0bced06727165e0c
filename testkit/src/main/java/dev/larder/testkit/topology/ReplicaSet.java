package dev.larder.testkit.topology;

import static dev.larder.testkit.topology.Connections.ask;
import static dev.larder.testkit.topology.Connections.field;

import dev.larder.testkit.RedisProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** A primary and its replicas. Who is the primary, its user says. */
final class ReplicaSet {
  private static final Pattern ONLINE =
      Pattern.compile("^slave\\d+:.*state=online", Pattern.MULTILINE);

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
    if (!info(now, "role").equals("master")) {
      ask(now, "REPLICAOF", "NO", "ONE");
    }
    for (RedisProcess replica : replicas()) {
      if (replica.isRunning() && !follows(replica, now)) {
        ask(replica, "REPLICAOF", "127.0.0.1", Integer.toString(portOf(now)));
      }
    }
  }

  /** Waits until all replicas that run have what the primary has now. */
  void awaitSync() {
    Poll.until("every replica in sync with its primary", this::isInSync);
  }

  boolean isInSync() {
    RedisProcess now = primary();
    String state = ask(now, "INFO", "replication");
    long offset = Long.parseLong(field(state, "master_repl_offset"));
    List<RedisProcess> running = replicas().stream().filter(RedisProcess::isRunning).toList();
    return field(state, "role").equals("master")
        && ONLINE.matcher(state).results().count() >= running.size()
        && running.stream()
            .allMatch(
                it ->
                    follows(it, now)
                        && info(it, "master_link_status").equals("up")
                        && Long.parseLong(info(it, "slave_repl_offset")) >= offset);
  }

  private boolean follows(RedisProcess replica, RedisProcess primary) {
    return info(replica, "master_port").equals(Integer.toString(portOf(primary)));
  }

  private static String info(RedisProcess engine, String field) {
    return field(ask(engine, "INFO", "replication"), field);
  }
}

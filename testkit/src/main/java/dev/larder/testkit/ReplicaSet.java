package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A primary and its replicas. Who is the primary, its user says. */
final class ReplicaSet {
  private static final Pattern ONLINE =
      Pattern.compile("^slave\\d+:.*state=online", Pattern.MULTILINE);

  private final List<RedisProcess> engines = new CopyOnWriteArrayList<>();
  private volatile Supplier<RedisProcess> primary = () -> engines.get(0);

  private ReplicaSet() {}

  /** Returns when every replica is in sync with the primary, for now the first engine. */
  static ReplicaSet start(@Nullable EngineBinary binary, int replicas, List<String> lines) {
    var set = new ReplicaSet();
    try {
      set.start(0, 1, binary, lines);
      set.start(1, replicas, binary, lines);
      set.awaitSync();
      return set;
    } catch (RuntimeException | Error e) {
      set.engines.forEach(RedisProcess::close);
      throw e;
    }
  }

  private void start(int first, int count, @Nullable EngineBinary binary, List<String> lines) {
    engines.addAll(
        RedisTopology.startAll(
            count,
            index ->
                it -> {
                  if (binary != null) {
                    it.binary(binary);
                  }
                  // Without it, an engine that streams its data waits 5 s for more replicas.
                  it.config("repl-diskless-sync-delay 0").linesAtStart(() -> role(first + index));
                  lines.forEach(it::config);
                }));
  }

  private List<String> role(int index) {
    boolean first = index == 0 && engines.isEmpty();
    return first || engines.indexOf(primary()) == index
        ? List.of()
        : List.of("replicaof 127.0.0.1 " + primary().port());
  }

  List<RedisProcess> engines() {
    return engines;
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
      Wire.ask(now, "REPLICAOF", "NO", "ONE");
    }
    for (RedisProcess replica : replicas()) {
      if (replica.isRunning() && !follows(replica, now)) {
        Wire.ask(replica, "REPLICAOF", "127.0.0.1", Integer.toString(now.port()));
      }
    }
  }

  /** Waits until all replicas that run have what the primary has now. */
  void awaitSync() {
    Wait.until("every replica in sync with its primary", this::isInSync);
  }

  boolean isInSync() {
    RedisProcess now = primary();
    String state = Wire.ask(now, "INFO", "replication");
    long offset = Long.parseLong(Wire.field(state, "master_repl_offset"));
    List<RedisProcess> running = replicas().stream().filter(RedisProcess::isRunning).toList();
    return Wire.field(state, "role").equals("master")
        && ONLINE.matcher(state).results().count() >= running.size()
        && running.stream()
            .allMatch(
                it ->
                    follows(it, now)
                        && info(it, "master_link_status").equals("up")
                        && Long.parseLong(info(it, "slave_repl_offset")) >= offset);
  }

  private static boolean follows(RedisProcess replica, RedisProcess primary) {
    return info(replica, "master_port").equals(Integer.toString(primary.port()));
  }

  private static String info(RedisProcess engine, String field) {
    return Wire.field(Wire.ask(engine, "INFO", "replication"), field);
  }
}

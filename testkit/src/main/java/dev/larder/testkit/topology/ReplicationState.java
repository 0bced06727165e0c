package dev.larder.testkit.topology;

import dev.larder.testkit.RedisProcess;
import java.util.regex.Pattern;

/** What an engine says of its replication. */
record ReplicationState(String info) {
  private static final Pattern ONLINE_REPLICA =
      Pattern.compile("^slave\\d+:.*state=online,offset=(\\d+)", Pattern.MULTILINE);

  static ReplicationState of(RedisProcess engine) {
    return new ReplicationState(Connections.ask(engine, "INFO", "replication"));
  }

  boolean isPrimary() {
    return field("role").equals("master");
  }

  /** How far its data has come, in bytes of the stream of writes. */
  long offset() {
    return Long.parseLong(field(isPrimary() ? "master_repl_offset" : "slave_repl_offset"));
  }

  /** Whether it is a replica of the one at that port, and connected to it. */
  boolean isConnectedTo(int primaryPort) {
    return follows(primaryPort) && field("master_link_status").equals("up");
  }

  boolean follows(int primaryPort) {
    return field("master_port").equals(Integer.toString(primaryPort));
  }

  /** How many replicas are connected to this primary. */
  long replicas() {
    return ONLINE_REPLICA.matcher(info).results().count();
  }

  /** How many of its replicas have told this primary that they have all of its data. */
  long replicasUpToDate() {
    return ONLINE_REPLICA
        .matcher(info)
        .results()
        .filter(it -> Long.parseLong(it.group(1)) >= offset())
        .count();
  }

  private String field(String name) {
    String start = name + ":";
    return info.lines()
        .filter(it -> it.startsWith(start))
        .map(it -> it.substring(start.length()).strip())
        .findFirst()
        .orElse("");
  }
}

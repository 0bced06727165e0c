package dev.larder.testkit;

import java.util.HashMap;
import java.util.Map;

/** Connections to the nodes of a Cluster for the length of one operation. */
final class Wires implements AutoCloseable {
  private final Map<RedisProcess, Wire> wires = new HashMap<>();
  private final Map<RedisProcess, String> ids = new HashMap<>();

  Wire to(RedisProcess node) {
    return wires.computeIfAbsent(node, Wire::new);
  }

  /** What the nodes call it. */
  String id(RedisProcess node) {
    return ids.computeIfAbsent(node, it -> to(it).text("CLUSTER", "MYID"));
  }

  @Override
  public void close() {
    wires.values().forEach(Wire::close);
  }
}

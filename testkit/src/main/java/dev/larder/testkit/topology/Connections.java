package dev.larder.testkit.topology;

import dev.larder.embedded.net.RespClient;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Connections to a topology's engines for the length of one operation. Bytes pass whole, a char a
 * byte, so that keys of any kind can be moved.
 */
final class Connections implements AutoCloseable {
  private final Map<RedisProcess, RespClient> clients = new HashMap<>();
  private final Map<RedisProcess, String> ids = new HashMap<>();

  /** Asks once, on a connection of its own. */
  static String ask(RedisProcess engine, String... command) {
    try (var connections = new Connections()) {
      return connections.text(engine, command);
    }
  }

  /**
   * The reply to one command, the elements of an array one a line.
   *
   * @throws UncheckedIOException if the engine answers an error, or not at all
   */
  String text(RedisProcess engine, String... command) {
    return String.join("\n", list(engine, command));
  }

  /**
   * The reply to one command, nested arrays flattened, without nils.
   *
   * @throws UncheckedIOException if the engine answers an error, or not at all
   */
  List<String> list(RedisProcess engine, String... command) {
    try {
      RespClient client = clients.get(engine);
      if (client == null) {
        client = engine.connect(RespClient.Options::binary);
        clients.put(engine, client);
      }
      return client.list(command);
    } catch (IOException e) {
      String name = String.join(" ", List.of(command).subList(0, Math.min(4, command.length)));
      throw new UncheckedIOException(engine + ", " + name + ": " + e.getMessage(), e);
    }
  }

  /** What the nodes of a Cluster call one of them. */
  String id(RedisProcess node) {
    return ids.computeIfAbsent(node, it -> text(it, "CLUSTER", "MYID"));
  }

  @Override
  public void close() {
    clients.values().forEach(RespClient::close);
  }
}

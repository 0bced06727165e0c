package dev.larder.redis.engine;

import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Failure;
import dev.larder.redis.UnexpectedReplyException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads what INFO and COMMAND answer on Redis 6.2 to 8 and on Valkey. */
final class EngineReplies {
  private EngineReplies() {}

  static Engine engine(Reply info, Reply commands) {
    if (denied(info)) {
      return new Engine(
          "redis", Version.UNKNOWN, "", false, commands(commands, "redis", Version.UNKNOWN));
    }
    Map<String, String> server = fields(info.text());
    // Valkey keeps answering a redis_version, the last one it is compatible with.
    boolean valkey = server.containsKey("valkey_version");
    String product = valkey ? "valkey" : "redis";
    Version version = Version.parse(field(server, product + "_version"));
    return new Engine(
        product,
        version,
        field(server, "run_id"),
        // Valkey names the field server_mode.
        "cluster".equals(server.getOrDefault("redis_mode", server.get("server_mode"))),
        commands(commands, product, version));
  }

  private static Map<String, CommandInfo> commands(Reply told, String product, Version version) {
    return denied(told) ? CommandList.of(product, version) : table(told.array());
  }

  private static boolean denied(Reply reply) {
    return reply instanceof Failure failure && failure.code().equals("NOPERM");
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new UnexpectedReplyException(
          "expected the field " + name + " from INFO server, had " + fields.keySet());
    }
    return value;
  }

  private static Map<String, String> fields(String info) {
    Map<String, String> fields = new HashMap<>();
    info.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
              }
            });
    return fields;
  }

  private static Map<String, CommandInfo> table(List<Reply> entries) {
    Map<String, CommandInfo> table = new HashMap<>();
    for (Reply entry : entries) {
      CommandInfo command = command(entry.array());
      table.put(command.name().substring(command.name().indexOf('|') + 1), command);
    }
    return table;
  }

  private static CommandInfo command(List<Reply> entry) {
    // Six elements since 2.8.13, ACL categories since 6.0, subcommands as the tenth since 7.0.
    return new CommandInfo(
        entry.get(0).text().toLowerCase(Locale.ROOT),
        (int) entry.get(1).number(),
        words(entry.get(2)),
        (int) entry.get(3).number(),
        (int) entry.get(4).number(),
        (int) entry.get(5).number(),
        entry.size() > 6 ? words(entry.get(6)) : Set.of(),
        entry.size() > 9 ? table(entry.get(9).array()) : Map.of());
  }

  private static Set<String> words(Reply list) {
    Set<String> words = new HashSet<>();
    for (Reply word : list.array()) {
      words.add(word.text().replaceFirst("^@", "").toLowerCase(Locale.ROOT));
    }
    return words;
  }
}

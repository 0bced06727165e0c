package dev.larder.server.rest.command;

import dev.larder.redis.engine.CommandInfo;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the bearer of a read-only token may send: what reads the keys that it is given, and what
 * touches no data. What an engine calls read-only is more than that: it lists keys, runs scripts,
 * or tells of other callers.
 */
final class ReadCommands {
  private static final Set<String> WITHOUT_KEYS =
      Set.of("PING", "ECHO", "TIME", "LOLWUT", "COMMAND", "DBSIZE");

  /** Their keys do not stand first, so that the engine does not tell where. */
  private static final Set<String> KEYS_FURTHER_ON =
      Set.of("XREAD", "ZDIFF", "ZINTER", "ZUNION", "SINTERCARD", "ZINTERCARD", "STRALGO");

  /** Of commands that do several things, which read a key. */
  private static final Map<String, Set<String>> SUBCOMMANDS =
      Map.of(
          "MEMORY", Set.of("USAGE", "HELP"),
          "OBJECT", Set.of("ENCODING", "FREQ", "IDLETIME", "REFCOUNT", "HELP"),
          "XINFO", Set.of("STREAM", "GROUPS", "CONSUMERS", "HELP"));

  private ReadCommands() {}

  /**
   * Whether a command only reads its keys, whatever follows its name.
   *
   * @param name in capitals
   * @param info what the engine says of it, if it has it
   */
  static boolean contain(String name, @Nullable CommandInfo info) {
    return WITHOUT_KEYS.contains(name)
        || (info != null
            && info.readOnly()
            && (info.firstKey() == 1 || KEYS_FURTHER_ON.contains(name))
            // An index finds whatever keys it covers.
            && !name.startsWith("FT."));
  }

  /** The subcommands of a command that only read a key; both in capitals. */
  static Set<String> subcommands(String name) {
    return SUBCOMMANDS.getOrDefault(name, Set.of());
  }
}

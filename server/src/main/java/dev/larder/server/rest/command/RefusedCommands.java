package dev.larder.server.rest.command;

import dev.larder.redis.engine.CommandInfo;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The commands that nobody may send over REST, and why. */
final class RefusedCommands {
  private static final String ADMINISTRATION =
      " is not available over REST: it administers the engine, not its data";

  /** Of the engine's own administration, where its list does not say so itself. */
  private static final Set<String> OF_ADMINISTRATION =
      Set.of(
          "ACL",
          "CLUSTER",
          "COMMANDLOG",
          "CONFIG",
          "DEBUG",
          "FAILOVER",
          "FT.CONFIG",
          "FT.DEBUG",
          "HOTKEYS",
          "LASTSAVE",
          "LATENCY",
          "MIGRATE",
          "MODULE",
          "PFDEBUG",
          "PFSELFTEST",
          "PSYNC",
          "REPLCONF",
          "REPLICAOF",
          "RESTORE-ASKING",
          "ROLE",
          "SFLUSH",
          "SHUTDOWN",
          "SLAVEOF",
          "SLOWLOG",
          "SYNC",
          "TRIMSLOTS");

  private static final Map<String, String> REASONS =
      Stream.of(
              because(
                  " is not available over REST: requests share connections, and none may change"
                      + " their state",
                  "ASKING AUTH CLIENT HELLO QUIT READONLY READWRITE RESET SELECT"),
              because(
                  " is not available over REST: send a transaction as POST /multi-exec",
                  "MULTI EXEC DISCARD WATCH UNWATCH"),
              because(
                  " is not available as a command: send POST /subscribe/<channel> or"
                      + " /psubscribe/<pattern> with 'Accept: text/event-stream'",
                  "SUBSCRIBE UNSUBSCRIBE PSUBSCRIBE PUNSUBSCRIBE SSUBSCRIBE SUNSUBSCRIBE"),
              because(
                  " is not available as a command: send POST /monitor with 'Accept:"
                      + " text/event-stream'",
                  "MONITOR"),
              because(
                  " is not available over REST: it would block the connection that requests share",
                  "BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF"),
              because(
                  " is not available over REST: it reaches another database than the node's own",
                  "MOVE SWAPDB"),
              because(
                  " is not available over REST: it is a browser's word, at which the engine closes"
                      + " the connection that requests share",
                  "POST HOST:"),
              because(ADMINISTRATION, String.join(" ", OF_ADMINISTRATION)))
          .flatMap(it -> it.entrySet().stream())
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private RefusedCommands() {}

  private static Map<String, String> because(String why, String names) {
    return Stream.of(names.split(" ", -1))
        .collect(Collectors.toMap(name -> name, name -> "ERR " + name + why));
  }

  /** Those that are refused whether or not an engine has them, in capitals. */
  static Set<String> names() {
    return REASONS.keySet();
  }

  /**
   * Why a command is refused, or null where it is not.
   *
   * @param name in capitals
   * @param info what the engine says of it, if it has it
   */
  static @Nullable String reason(String name, @Nullable CommandInfo info) {
    return info != null && info.flags().contains("admin") && !REASONS.containsKey(name)
        ? "ERR " + name + ADMINISTRATION
        : REASONS.get(name);
  }
}

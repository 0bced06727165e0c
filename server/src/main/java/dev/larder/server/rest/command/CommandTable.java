package dev.larder.server.rest.command;

import dev.larder.redis.engine.CommandInfo;
import dev.larder.redis.engine.Engine;
import dev.larder.server.rest.command.CommandRule.Kind;
import dev.larder.server.rest.request.CommandBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rule for each command of the engine at hand, found by its name's bytes in whatever case. A
 * command that the engine did not tell of (a module may be loaded later) is let through for it to
 * judge, though not from a read-only token.
 */
final class CommandTable {
  private static final Set<String> OF_CONNECTION =
      Set.of(
          "ASKING", "AUTH", "CLIENT", "HELLO", "QUIT", "READONLY", "READWRITE", "RESET", "SELECT");
  private static final Set<String> OF_TRANSACTION =
      Set.of("MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH");
  private static final Set<String> OF_SUBSCRIPTION =
      Set.of(
          "SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE", "SSUBSCRIBE", "SUNSUBSCRIBE");
  private static final Set<String> BLOCKING =
      Set.of(
          "BLPOP",
          "BRPOP",
          "BRPOPLPUSH",
          "BLMOVE",
          "BLMPOP",
          "BZPOPMIN",
          "BZPOPMAX",
          "BZMPOP",
          "WAIT",
          "WAITAOF");

  /** Of the engine's own administration, where its table does not say so itself. */
  private static final Set<String> OF_ADMINISTRATION =
      Set.of(
          "ACL",
          "CLUSTER",
          "CONFIG",
          "DEBUG",
          "FAILOVER",
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
          "SHUTDOWN",
          "SWAPDB",
          "SLAVEOF",
          "SLOWLOG",
          "SYNC");

  private static final Set<String> HARMLESS = Set.of("PING", "ECHO", "TIME", "LOLWUT", "COMMAND");
  private static final Set<String> LISTING = Set.of("KEYS", "SCAN", "RANDOMKEY");
  private static final Set<String> COUNTED =
      Set.of(
          "GET",
          "GETEX",
          "MGET",
          "HGET",
          "HMGET",
          "JSON.GET",
          "JSON.MGET",
          "ZSCORE",
          "ZMSCORE",
          "LINDEX");
  private static final List<String> FAMILIES =
      List.of(
          "string",
          "hash",
          "list",
          "set",
          "sortedset",
          "stream",
          "bitmap",
          "hyperloglog",
          "geo",
          "pubsub",
          "scripting",
          "transaction",
          "json",
          "keyspace",
          "connection");

  private final Map<String, CommandInfo> infos = new HashMap<>();
  private final CommandRule[] slots;
  private final CommandRule unknown =
      new CommandRule("UNKNOWN", "other", Kind.PLAIN, null, false, false);

  /** The rules for the commands of {@code engine}, and for those that a dialect adds to them. */
  CommandTable(Engine engine, Dialect dialect) {
    engine.commands().forEach((name, info) -> infos.put(upper(name), info));
    infos.putAll(dialect.emulated());
    var rules = new HashMap<String, CommandRule>();
    infos.forEach((name, info) -> rules.put(name, rule(name, info, dialect)));
    dialect
        .missing()
        .forEach(
            (name, why) ->
                rules.put(name, new CommandRule(name, "other", Kind.PLAIN, why, false, false)));
    // What is refused on principle is so whether or not this engine has it.
    var refused = new ArrayList<String>(OF_CONNECTION);
    refused.addAll(OF_TRANSACTION);
    refused.addAll(OF_SUBSCRIPTION);
    refused.addAll(BLOCKING);
    refused.addAll(OF_ADMINISTRATION);
    refused.add("MONITOR");
    refused.forEach(name -> rules.putIfAbsent(name, rule(name, null, dialect)));
    slots = new CommandRule[Integer.highestOneBit(rules.size()) * 4];
    for (CommandRule rule : rules.values()) {
      int slot = hash(rule.name());
      while (slots[slot] != null) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = rule;
    }
  }

  /** The rule for one command of a batch. */
  CommandRule rule(CommandBatch batch, int command) {
    int slot = hash(batch, command);
    while (slots[slot] != null) {
      if (batch.is(command, 0, slots[slot].name())) {
        return slots[slot];
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return unknown;
  }

  /** Whether a subcommand only reads, as far as the engine told. */
  boolean subcommandReads(String command, String subcommand) {
    CommandInfo info = infos.get(command);
    CommandInfo sub =
        info == null ? null : info.subcommands().get(subcommand.toLowerCase(Locale.ROOT));
    return sub != null && sub.readOnly();
  }

  private int hash(CommandBatch batch, int command) {
    byte[] data = batch.data();
    int hash = 0;
    for (int i = batch.start(command, 0), end = batch.end(command, 0); i < end; i++) {
      hash = hash * 31 + CommandBatch.upper(data[i]);
    }
    return spread(hash);
  }

  private int hash(String name) {
    return spread(name.hashCode());
  }

  private int spread(int hash) {
    return (hash ^ (hash >>> 16)) & (slots.length - 1);
  }

  private static CommandRule rule(String name, @Nullable CommandInfo info, Dialect dialect) {
    return new CommandRule(
        name,
        family(info),
        dialect.concerns(name) ? Kind.DIALECT : kind(name, info),
        refusal(name, info),
        mayRead(name, info),
        COUNTED.contains(name));
  }

  private static Kind kind(String name, @Nullable CommandInfo info) {
    return switch (name) {
      case "EVAL", "EVAL_RO" -> Kind.SCRIPT_TEXT;
      case "EVALSHA", "EVALSHA_RO" -> Kind.SCRIPT_DIGEST;
      case "SCRIPT" -> Kind.SCRIPT_CONTAINER;
      case "FUNCTION" -> Kind.FUNCTION_CONTAINER;
      case "XREAD", "XREADGROUP" -> Kind.MAY_BLOCK;
      case "GEODIST",
          "GEORADIUS",
          "GEORADIUS_RO",
          "GEORADIUSBYMEMBER",
          "GEORADIUSBYMEMBER_RO",
          "GEOSEARCH",
          "GEOSEARCHSTORE" ->
          Kind.UNITS;
      default -> info != null && !info.subcommands().isEmpty() ? Kind.BY_SUBCOMMAND : Kind.PLAIN;
    };
  }

  private static @Nullable String refusal(String name, @Nullable CommandInfo info) {
    if (OF_TRANSACTION.contains(name)) {
      return "ERR " + name + " is not available over REST: send a transaction as POST /multi-exec";
    }
    if (OF_SUBSCRIPTION.contains(name)) {
      return "ERR "
          + name
          + " is not available as a command: send POST /subscribe/<channel> or"
          + " /psubscribe/<pattern> with 'Accept: text/event-stream'";
    }
    if (name.equals("MONITOR")) {
      return "ERR MONITOR is not available as a command: send POST /monitor with 'Accept: text/event-stream'";
    }
    if (OF_CONNECTION.contains(name)) {
      return "ERR "
          + name
          + " is not available over REST: requests share connections, and none may change their state";
    }
    if (BLOCKING.contains(name)) {
      return "ERR "
          + name
          + " is not available over REST: it would block the connection that requests share";
    }
    if (OF_ADMINISTRATION.contains(name) || (info != null && info.flags().contains("admin"))) {
      return "ERR " + name + " is not available over REST: it administers the engine, not its data";
    }
    return null;
  }

  private static boolean mayRead(String name, @Nullable CommandInfo info) {
    return HARMLESS.contains(name) || (info != null && info.readOnly() && !LISTING.contains(name));
  }

  private static String family(@Nullable CommandInfo info) {
    if (info == null) {
      return "other";
    }
    return FAMILIES.stream().filter(info.categories()::contains).findFirst().orElse("other");
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}

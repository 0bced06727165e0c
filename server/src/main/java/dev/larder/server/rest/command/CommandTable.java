package dev.larder.server.rest.command;

import dev.larder.redis.engine.CommandInfo;
import dev.larder.redis.engine.Engine;
import dev.larder.server.rest.command.CommandRule.Kind;
import dev.larder.server.rest.request.CommandBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rule for each command of the engine at hand, found by its name's bytes in whatever case. */
final class CommandTable {
  /** Before Redis 7, COMMAND does not tell that they have subcommands. */
  private static final Set<String> CONTAINERS =
      Set.of("COMMAND", "MEMORY", "OBJECT", "PUBSUB", "XGROUP", "XINFO");

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
      new CommandRule("UNKNOWN", "other", Kind.UNKNOWN, null, false, false);

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
    RefusedCommands.names().forEach(name -> rules.putIfAbsent(name, rule(name, null, dialect)));
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

  /**
   * Whether the engine has the subcommand that a command names, byte by byte. Where it does not
   * tell them, it compares them itself, though only up to a NUL.
   */
  boolean hasSubcommand(CommandRule rule, CommandBatch batch, int command) {
    CommandInfo info = infos.get(rule.name());
    if (info == null || info.subcommands().isEmpty()) {
      return !batch.hasNul(command, 1);
    }
    return info.subcommands().keySet().stream().anyMatch(it -> batch.is(command, 1, upper(it)));
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
        RefusedCommands.reason(name, info),
        ReadCommands.contain(name, info),
        COUNTED.contains(name));
  }

  private static Kind kind(String name, @Nullable CommandInfo info) {
    return switch (name) {
      case "EVAL", "EVAL_RO" -> Kind.SCRIPT_TEXT;
      case "EVALSHA", "EVALSHA_RO" -> Kind.SCRIPT_DIGEST;
      case "FCALL", "FCALL_RO" -> Kind.FUNCTION_CALL;
      case "SCRIPT" -> Kind.SCRIPT_CONTAINER;
      case "FUNCTION" -> Kind.FUNCTION_CONTAINER;
      case "XREAD", "XREADGROUP" -> Kind.MAY_BLOCK;
      case "SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER" -> Kind.MAY_REPEAT;
      case "GEODIST",
          "GEORADIUS",
          "GEORADIUS_RO",
          "GEORADIUSBYMEMBER",
          "GEORADIUSBYMEMBER_RO",
          "GEOSEARCH",
          "GEOSEARCHSTORE" ->
          Kind.UNITS;
      default ->
          CONTAINERS.contains(name) || (info != null && !info.subcommands().isEmpty())
              ? Kind.BY_SUBCOMMAND
              : Kind.PLAIN;
    };
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

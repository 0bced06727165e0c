package dev.larder.server.rest.command;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.larder.redis.engine.CommandInfo;
import dev.larder.redis.engine.Engine;
import dev.larder.server.rest.command.Emulation.Keys;
import dev.larder.server.rest.request.CommandBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the SDKs may send and the engine at hand does not understand, or understands otherwise: done
 * by a script where that is exact, else refused in words that say which engines have it. What an
 * engine has goes to it untouched. {@code docs/dialect.md} lists it all.
 */
final class Dialect {
  private static final String SINCE_7 = "Redis 7 and Valkey have it";
  private static final String REDIS_8 = "Redis 8 has it";
  private static final String UPSTASH = "only Upstash has it";

  /** Who has the commands that no script can stand in for. */
  private static final Map<String, String> OWNERS =
      owners(
          Map.of(
              "EVAL_RO EVALSHA_RO FCALL FCALL_RO FUNCTION",
              SINCE_7,
              "HEXPIRE HPEXPIRE HEXPIREAT HPEXPIREAT HEXPIRETIME HPEXPIRETIME HTTL HPTTL HPERSIST",
              "Redis 7.4 and Valkey 9 have it",
              "HGETEX HSETEX",
              "Redis 8 and Valkey 9 have it",
              "JSON.ARRAPPEND JSON.ARRINDEX JSON.ARRINSERT JSON.ARRLEN JSON.ARRPOP JSON.ARRTRIM"
                  + " JSON.CLEAR JSON.DEL JSON.FORGET JSON.GET JSON.MERGE JSON.MGET JSON.MSET"
                  + " JSON.NUMINCRBY JSON.NUMMULTBY JSON.OBJKEYS JSON.OBJLEN JSON.RESP JSON.SET"
                  + " JSON.STRAPPEND JSON.STRLEN JSON.TOGGLE JSON.TYPE",
              "Redis 8 has it, and Valkey with its JSON module",
              "VADD VCARD VDIM VEMB VGETATTR VINFO VISMEMBER VLINKS VRANDMEMBER VREM VSETATTR VSIM",
              REDIS_8,
              "ARCOUNT ARDEL ARDELRANGE ARGET ARGETRANGE ARGREP ARINFO ARINSERT ARLASTITEMS ARLEN"
                  + " ARMGET ARMSET ARNEXT AROP ARRING ARSCAN ARSEEK ARSET",
              "Redis 8.8 has it",
              "SEARCH.CREATE SEARCH.QUERY SEARCH.COUNT SEARCH.AGGREGATE SEARCH.DESCRIBE SEARCH.DROP"
                  + " SEARCH.ALIASADD SEARCH.ALIASDEL SEARCH.LISTALIASES SEARCH.WAITINDEXING"
                  + " VECTOR.CREATE VECTOR.ADD VECTOR.COUNT VECTOR.DEL VECTOR.DROP VECTOR.GET"
                  + " VECTOR.INFO VECTOR.QUERY",
              UPSTASH));

  private static final Set<String> OPERATIONS_SINCE_8_2 = Set.of("DIFF", "DIFF1", "ANDOR", "ONE");

  private final Engine engine;
  private final boolean before7;
  private final boolean before82;
  private final Map<String, CommandInfo> emulated = new HashMap<>();
  private final Map<String, Emulation> commands = new HashMap<>();
  private final Emulation expire = new Emulation("expire.lua", Keys.FIRST);
  private final Emulation set = new Emulation("set.lua", Keys.FIRST);
  private final Emulation bitcount = new Emulation("bitcount.lua", Keys.FIRST);
  private final Emulation bitpos = new Emulation("bitpos.lua", Keys.FIRST);
  private final Emulation bitop = new Emulation("bitop.lua", Keys.BEHIND_FIRST);
  private final Emulation trim = new Emulation("stream-trim.lua", Keys.FIRST);
  private final Emulation scan = new Emulation("scan.lua", Keys.NONE);
  private final Emulation copy = new Emulation("copy.lua", Keys.FIRST_TWO);

  Dialect(Engine engine) {
    this.engine = engine;
    boolean redis = engine.product().equals("redis");
    this.before7 = redis && !engine.version().atLeast(7, 0);
    this.before82 = !redis || !engine.version().atLeast(8, 2);
    emulate("LMPOP", -4, "write", "list", "mpop.lua", Keys.COUNTED);
    emulate("ZMPOP", -4, "write", "sortedset", "mpop.lua", Keys.COUNTED);
    emulate("SINTERCARD", -3, "readonly", "set", "sintercard.lua", Keys.COUNTED);
    emulate("ZINTERCARD", -3, "readonly", "sortedset", "zintercard.lua", Keys.COUNTED);
    emulate("EXPIRETIME", 2, "readonly", "keyspace", "expiretime.lua", Keys.FIRST);
    emulate("PEXPIRETIME", 2, "readonly", "keyspace", "expiretime.lua", Keys.FIRST);
    emulate("HGETDEL", -5, "write", "hash", "hgetdel.lua", Keys.FIRST);
    emulate("XDELEX", -5, "write", "stream", "stream-delete.lua", Keys.FIRST);
    emulate("XACKDEL", -6, "write", "stream", "stream-delete.lua", Keys.FIRST);
  }

  private void emulate(
      String name, int arity, String flag, String category, String file, Keys keys) {
    if (!engine.has(name)) {
      int key = keys == Keys.FIRST ? 1 : 0;
      emulated.put(
          name,
          new CommandInfo(
              name.toLowerCase(Locale.ROOT),
              arity,
              Set.of(flag),
              key,
              key,
              key,
              Set.of(category),
              Map.of()));
      commands.put(name, new Emulation(file, keys));
    }
  }

  /** The commands that the engine lacks and scripts stand in for, by name in capitals. */
  Map<String, CommandInfo> emulated() {
    return emulated;
  }

  /** Why commands that the engine lacks are refused, by name in capitals. */
  Map<String, String> missing() {
    return OWNERS.entrySet().stream()
        .filter(it -> !engine.has(it.getKey()))
        .collect(
            toUnmodifiableMap(
                Map.Entry::getKey,
                it ->
                    "ERR "
                        + it.getKey()
                        + " is not available on "
                        + engine
                        + ": "
                        + it.getValue()));
  }

  /** Whether commands of this name have to pass through {@link #translated}. */
  boolean concerns(String name) {
    return switch (name) {
      case "XADD", "XTRIM", "SCAN", "COPY" -> true;
      case "BITOP" -> before82;
      case "SET", "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT", "BITCOUNT", "BITPOS" -> before7;
      default -> commands.containsKey(name);
    };
  }

  /** What an engine would answer to a command with so many words, or null where it would run it. */
  @Nullable String misfit(String name, int words) {
    CommandInfo info = emulated.get(name);
    return info == null || info.accepts(words)
        ? null
        : "ERR wrong number of arguments for '" + info.name() + "' command";
  }

  /** The words to send in the place of a command, or null where it can go as it is. */
  byte @Nullable [][] translated(String name, CommandBatch batch, int command) {
    Emulation whole = commands.get(name);
    if (whole != null) {
      return whole.words(batch, command);
    }
    int arity = batch.arity(command);
    return switch (name) {
      case "XADD", "XTRIM" -> trimmedExactly(batch, command);
      case "SCAN" -> asksForTypes(batch, command) ? scan.words(batch, command) : null;
      case "COPY" ->
          arity > 2 && batch.text(command, 1).equals(batch.text(command, 2))
              ? copy.words(batch, command)
              : null;
      case "BITOP" ->
          arity > 3 && OPERATIONS_SINCE_8_2.contains(upper(batch, command, 1))
              ? bitop.words(batch, command)
              : null;
      case "SET" ->
          arity > 4 && asksFor("NX", batch, command) && asksFor("GET", batch, command)
              ? set.words(batch, command)
              : null;
      case "BITCOUNT" -> arity == 5 ? bitcount.words(batch, command) : null;
      case "BITPOS" -> arity == 6 ? bitpos.words(batch, command) : null;
      default -> arity > 3 ? expire.words(batch, command) : null;
    };
  }

  /**
   * Upstash trims exactly where it is asked to trim roughly, by '~'. Stock engines then keep up to
   * a hundred entries more, and with a LIMIT may trim none.
   */
  private byte @Nullable [][] trimmedExactly(CommandBatch batch, int command) {
    int roughly = 0;
    int limit = 0;
    int at = 2;
    int arity = batch.arity(command);
    for (boolean option = true; option && at < arity; ) {
      if (batch.is(command, at, "MAXLEN") || batch.is(command, at, "MINID")) {
        boolean marked =
            at + 1 < arity && (batch.is(command, at + 1, "~") || batch.is(command, at + 1, "="));
        roughly = marked && batch.is(command, at + 1, "~") ? at : roughly;
        at += marked ? 3 : 2;
      } else if (batch.is(command, at, "LIMIT")) {
        limit = at;
        at += 2;
      } else {
        option = batch.is(command, at, "NOMKSTREAM");
        at++;
      }
    }
    if (roughly == 0) {
      return null;
    }
    if (limit > 0) {
      return trim.words(batch, command, Integer.toString(roughly), Integer.toString(limit));
    }
    var words = new byte[arity][];
    for (int word = 0; word < arity; word++) {
      words[word] = batch.bytes(command, word);
    }
    words[roughly + 1] = new byte[] {'='};
    return words;
  }

  /** Steps over each option's value, which may be called anything. */
  private static boolean asksForTypes(CommandBatch batch, int command) {
    for (int at = 2; at < batch.arity(command); at += 2) {
      if (batch.is(command, at, "WITHTYPE")) {
        return true;
      }
    }
    return false;
  }

  private static boolean asksFor(String option, CommandBatch batch, int command) {
    for (int at = 3; at < batch.arity(command); at++) {
      if (batch.is(command, at, option)) {
        return true;
      }
    }
    return false;
  }

  private static String upper(CommandBatch batch, int command, int argument) {
    return batch.text(command, argument).toUpperCase(Locale.ROOT);
  }

  private static Map<String, String> owners(Map<String, String> byNames) {
    var owners = new HashMap<String, String>();
    byNames.forEach(
        (names, who) -> List.of(names.split(" ", -1)).forEach(name -> owners.put(name, who)));
    return Map.copyOf(owners);
  }
}

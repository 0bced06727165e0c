package dev.larder.server.rest.command;

import dev.larder.redis.engine.CommandInfo;
import dev.larder.redis.engine.Engine;
import dev.larder.server.rest.request.Words;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the keys stand among a command's words: as the engine's COMMAND tells it, and for those
 * whose keys move with their arguments, by their syntax. Words that make no sense have no keys: the
 * engine is to say what is wrong with them.
 */
public final class CommandKeys {
  private static final int[] NONE = {};

  private volatile Map<String, CommandInfo> infos = Map.of();

  /** For the commands of {@code engine}. */
  public CommandKeys(Engine engine) {
    learn(engine);
  }

  /** Goes by what {@code engine} tells from now on. */
  final void learn(Engine engine) {
    Map<String, CommandInfo> told = new HashMap<>();
    engine.commands().forEach((name, info) -> told.put(name.toUpperCase(Locale.ROOT), info));
    infos = told;
  }

  /**
   * The positions of the keys, rising.
   *
   * @param name in capitals
   */
  public int[] of(String name, Words words) {
    return switch (name) {
      case "EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO" ->
          counted(words, 2, NONE);
      case "ZUNION", "ZINTER", "ZDIFF", "SINTERCARD", "ZINTERCARD", "LMPOP", "ZMPOP" ->
          counted(words, 1, NONE);
      case "ZUNIONSTORE", "ZINTERSTORE", "ZDIFFSTORE" -> counted(words, 2, new int[] {1});
      case "MSETEX" -> everySecond(words);
      case "XREAD", "XREADGROUP" -> streams(words);
      case "SORT" -> stored(words, 2);
      case "GEORADIUSBYMEMBER" -> stored(words, 5);
      case "GEORADIUS" -> stored(words, 6);
      case "OBJECT", "XINFO", "XGROUP", "JSON.DEBUG" -> one(words, 2);
      case "MEMORY" -> words.count() > 1 && words.is(1, "USAGE") ? one(words, 2) : NONE;
      default -> told(infos.get(name), words);
    };
  }

  private static int[] one(Words words, int position) {
    return words.count() > position ? new int[] {position} : NONE;
  }

  /** A number of keys, behind it the keys, before it perhaps where the result is stored. */
  private static int[] counted(Words words, int number, int[] before) {
    int keys = number(words, number);
    return keys < 0 || keys > words.count() - number - 1
        ? NONE
        : IntStream.concat(IntStream.of(before), IntStream.range(number + 1, number + 1 + keys))
            .toArray();
  }

  private static int[] everySecond(Words words) {
    int keys = number(words, 1);
    return keys < 0 || keys > (words.count() - 2) / 2
        ? NONE
        : IntStream.range(0, keys).map(it -> 2 + 2 * it).toArray();
  }

  private static int number(Words words, int position) {
    if (words.count() <= position) {
      return -1;
    }
    try {
      return Integer.parseInt(words.text(position));
    } catch (NumberFormatException notANumber) {
      return -1;
    }
  }

  /** Behind STREAMS the keys, then as many ids; groups and consumers may be called anything. */
  private static int[] streams(Words words) {
    for (int i = 1; i < words.count(); i++) {
      if (words.is(i, "STREAMS")) {
        return IntStream.range(i + 1, i + 1 + (words.count() - i - 1) / 2).toArray();
      } else if (words.is(i, "COUNT") || words.is(i, "BLOCK")) {
        i++;
      } else if (words.is(i, "GROUP")) {
        i += 2;
      }
    }
    return NONE;
  }

  /** The first word is a key, and among the options one may follow STORE or STOREDIST. */
  private static int[] stored(Words words, int options) {
    int store = 0;
    for (int i = options; i < words.count() - 1; i++) {
      if (words.is(i, "STORE") || words.is(i, "STOREDIST")) {
        store = ++i;
      } else if (words.is(i, "LIMIT")) {
        i += 2;
      } else if (words.is(i, "BY") || words.is(i, "GET") || words.is(i, "COUNT")) {
        i++;
      }
    }
    return store == 0 ? one(words, 1) : new int[] {1, store};
  }

  private static int[] told(@Nullable CommandInfo info, Words words) {
    if (info == null) {
      return NONE;
    }
    CommandInfo told = info;
    if (!info.subcommands().isEmpty() && words.count() > 1) {
      told = info.subcommands().getOrDefault(words.text(1).toLowerCase(Locale.ROOT), info);
    }
    int first = told.firstKey();
    int last =
        Math.min(
            words.count() - 1,
            told.lastKey() < 0 ? words.count() + told.lastKey() : told.lastKey());
    if (first < 1 || last < first || told.step() < 1) {
      return NONE;
    }
    int step = told.step();
    return IntStream.rangeClosed(0, (last - first) / step).map(it -> first + it * step).toArray();
  }
}

package dev.larder.server.rest.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Slot;
import dev.larder.server.rest.cluster.Route.Anywhere;
import dev.larder.server.rest.cluster.Route.Everywhere;
import dev.larder.server.rest.cluster.Route.Piece;
import dev.larder.server.rest.cluster.Route.Refused;
import dev.larder.server.rest.cluster.Route.Scan;
import dev.larder.server.rest.cluster.Route.Split;
import dev.larder.server.rest.cluster.Route.ToSlot;
import dev.larder.server.rest.command.CommandKeys;
import dev.larder.server.rest.command.CommandRule;
import dev.larder.server.rest.request.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Decides where commands go in a Cluster, by their words alone. */
final class Router {
  private static final Pattern OF_RATELIMIT =
      Pattern.compile(":dynamic:global$|:denyList:|:ipDenyListStatus$");
  private static final Pattern WINDOW = Pattern.compile(":\\d+$");

  /** Where an {@link Emulation} of SCAN has it: behind EVAL, the script, no keys, and SCAN. */
  private static final int CURSOR_IN_SCRIPT = 4;

  private static final int LONGEST_SHOWN = 60;

  private final CommandKeys keys;

  /** Finds keys by {@code keys}. */
  Router(CommandKeys keys) {
    this.keys = keys;
  }

  /**
   * The way of a command that stands for itself.
   *
   * @param rule by what its caller called it
   * @param words what is sent, perhaps a script that stands for it
   */
  Route route(CommandRule rule, Words words) {
    if (rule.name().equals("SCAN")) {
      return words.count() < 2
          ? new Anywhere()
          : new Scan(words.is(0, "SCAN") ? 1 : CURSOR_IN_SCRIPT);
    }
    String name = upper(words, 0);
    Merge everywhere = everywhere(name, words);
    if (everywhere != null) {
      return new Everywhere(everywhere);
    }
    if (name.equals("PUBLISH") && words.count() > 1) {
      // Every node would do, but only one of them keeps the order of a channel's messages.
      return new ToSlot(Slot.of(words.word(1)));
    }
    int[] positions = keys.of(name, words);
    if (positions.length == 0) {
      return new Anywhere();
    }
    int slot = slot(words, positions);
    return slot >= 0 ? new ToSlot(slot) : split(name, words, positions);
  }

  /** The way of a transaction: as a whole to one slot, or refused. */
  Route together(List<? extends Words> commands) {
    byte[] first = null;
    for (Words words : commands) {
      String name = upper(words, 0);
      if (name.equals("SCAN") || everywhere(name, words) != null) {
        return new Refused(
            "CROSSSLOT "
                + name
                + " concerns every node of the Cluster, and a transaction runs on one: send it as a"
                + " command of its own");
      }
      for (int position : keys.of(name, words)) {
        byte[] key = words.word(position);
        if (first != null && Slot.of(first) != Slot.of(key)) {
          return crossSlot("a transaction", first, key);
        }
        first = key;
      }
    }
    return first == null ? new Anywhere() : new ToSlot(Slot.of(first));
  }

  private static String upper(Words words, int index) {
    return words.text(index).toUpperCase(Locale.ROOT);
  }

  /** The slot of all keys, or -1 where there are several. */
  private static int slot(Words words, int[] positions) {
    int slot = Slot.of(words.word(positions[0]));
    for (int i = 1; i < positions.length; i++) {
      if (Slot.of(words.word(positions[i])) != slot) {
        return -1;
      }
    }
    return slot;
  }

  private static @Nullable Merge everywhere(String name, Words words) {
    return switch (name) {
      case "DBSIZE" -> Merge::sum;
      case "KEYS" -> Merge::all;
      case "FLUSHDB", "FLUSHALL" -> Merge::first;
      case "RANDOMKEY" -> Merge::any;
      case "SCRIPT", "FUNCTION", "PUBSUB" ->
          words.count() < 2 ? null : bySubcommand(name + ' ' + upper(words, 1));
      default -> null;
    };
  }

  private static @Nullable Merge bySubcommand(String name) {
    return switch (name) {
      case "SCRIPT EXISTS" -> Merge::least;
      case "SCRIPT LOAD",
          "SCRIPT FLUSH",
          "FUNCTION LOAD",
          "FUNCTION DELETE",
          "FUNCTION FLUSH",
          "FUNCTION RESTORE" ->
          Merge::first;
      case "PUBSUB CHANNELS", "PUBSUB SHARDCHANNELS" -> Merge::distinct;
      case "PUBSUB NUMSUB", "PUBSUB SHARDNUMSUB" -> Merge::counts;
      case "PUBSUB NUMPAT" -> Merge::sum;
      default -> null;
    };
  }

  private static Route split(String name, Words words, int[] positions) {
    boolean splits =
        switch (name) {
          case "MGET", "DEL", "UNLINK", "EXISTS", "TOUCH" -> true;
          case "MSET" -> words.count() % 2 == 1;
          default -> false;
        };
    if (!splits) {
      return refused(name, words, positions);
    }
    int step = name.equals("MSET") ? 2 : 1;
    Map<Integer, List<Integer>> bySlot = new LinkedHashMap<>();
    for (int position : positions) {
      bySlot
          .computeIfAbsent(Slot.of(words.word(position)), slot -> new ArrayList<>())
          .add(position);
    }
    var pieces = new ArrayList<Piece>();
    var places = new ArrayList<int[]>();
    bySlot.forEach(
        (slot, its) -> {
          var piece = new byte[1 + its.size() * step][];
          piece[0] = words.word(0);
          for (int i = 0; i < its.size() * step; i++) {
            piece[1 + i] = words.word(its.get(i / step) + i % step);
          }
          pieces.add(new Piece(slot, piece));
          places.add(its.stream().mapToInt(position -> position - 1).toArray());
        });
    return new Split(
        pieces,
        switch (name) {
          case "MGET" -> Merge.inPlaces(places);
          case "MSET" -> Merge::first;
          default -> Merge::sum;
        });
  }

  private static Refused refused(String name, Words words, int[] positions) {
    byte[] first = words.word(positions[0]);
    byte[] other =
        IntStream.of(positions)
            .mapToObj(words::word)
            .filter(key -> Slot.of(key) != Slot.of(first))
            .findFirst()
            .orElse(first);
    return crossSlot(name, first, other);
  }

  /** Says what would work: keys whose names have the same part in braces. */
  private static Refused crossSlot(String what, byte[] first, byte[] other) {
    String one = shown(first);
    String two = shown(other);
    String why =
        "CROSSSLOT "
            + what
            + " needs all its keys in one slot of the Cluster, but '"
            + one
            + "' is in slot "
            + Slot.of(first)
            + " and '"
            + two
            + "' in slot "
            + Slot.of(other)
            + ": ";
    return new Refused(
        why
            + (ofRatelimit(what, end(first), end(other))
                ? "with @upstash/ratelimit give the prefix a hash tag, new Ratelimit({ prefix:"
                    + " \"{ratelimit}\", … })"
                : "give their names the same hash tag, a part in braces, such as '{tag}:"
                    + one
                    + "' and '{tag}:"
                    + two
                    + "'"));
  }

  /** Its two windows, its limit that can be changed, its deny lists. */
  private static boolean ofRatelimit(String what, String one, String two) {
    return OF_RATELIMIT.matcher(one).find()
        || OF_RATELIMIT.matcher(two).find()
        || (what.startsWith("EVAL") && WINDOW.matcher(one).find() && WINDOW.matcher(two).find());
  }

  /** What @upstash/ratelimit is known by stands there, however long its caller's identifier is. */
  private static String end(byte[] key) {
    int from = Math.max(0, key.length - LONGEST_SHOWN);
    return new String(key, from, key.length - from, UTF_8);
  }

  private static String shown(byte[] key) {
    String text = new String(key, UTF_8);
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + '…';
  }
}

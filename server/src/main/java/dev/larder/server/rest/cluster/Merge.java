package dev.larder.server.rest.cluster;

import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Array;
import dev.larder.redis.Reply.Failure;
import dev.larder.redis.Reply.Int;
import dev.larder.redis.Reply.Nil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Makes of the replies of several nodes the one that a single engine would have given. */
@FunctionalInterface
interface Merge {

  /**
   * The whole of these.
   *
   * @param parts none of them a failure
   */
  Reply of(List<Reply> parts);

  /** They are all the same. */
  static Reply first(List<Reply> parts) {
    return parts.get(0);
  }

  /** Numbers that add up. */
  static Reply sum(List<Reply> parts) {
    return new Int(parts.stream().mapToLong(Reply::number).sum());
  }

  /** Lists, one behind the other. */
  static Reply all(List<Reply> parts) {
    return new Array(parts.stream().flatMap(it -> it.array().stream()).toList());
  }

  /** Lists of what may be on several nodes. */
  static Reply distinct(List<Reply> parts) {
    return new Array(List.copyOf(new LinkedHashSet<>(all(parts).array())));
  }

  /** Lists of numbers: what holds everywhere, place by place. */
  static Reply least(List<Reply> parts) {
    return new Array(
        IntStream.range(0, parts.get(0).array().size())
            .<Reply>mapToObj(
                at ->
                    new Int(
                        parts.stream()
                            .mapToLong(it -> it.array().get(at).number())
                            .min()
                            .orElseThrow()))
            .toList());
  }

  /** Lists of names and numbers: those of the same name add up. */
  static Reply counts(List<Reply> parts) {
    Map<Reply, Long> counts = new LinkedHashMap<>();
    for (Reply part : parts) {
      List<Reply> pairs = part.array();
      for (int i = 0; i + 1 < pairs.size(); i += 2) {
        counts.merge(pairs.get(i), pairs.get(i + 1).number(), Long::sum);
      }
    }
    var all = new ArrayList<Reply>();
    counts.forEach(
        (name, count) -> {
          all.add(name);
          all.add(new Int(count));
        });
    return new Array(all);
  }

  /** Any that is not nil, if one is not. */
  static Reply any(List<Reply> parts) {
    List<Reply> there = parts.stream().filter(it -> !(it instanceof Nil)).toList();
    return there.isEmpty()
        ? parts.get(0)
        : there.get(ThreadLocalRandom.current().nextInt(there.size()));
  }

  /**
   * Lists whose elements belong in these places.
   *
   * @param places for each list, where in the whole its elements stand
   */
  static Merge inPlaces(List<int[]> places) {
    return parts -> {
      var whole = new Reply[places.stream().mapToInt(it -> it.length).sum()];
      for (int part = 0; part < parts.size(); part++) {
        List<Reply> elements = parts.get(part).array();
        for (int i = 0; i < elements.size(); i++) {
          whole[places.get(part)[i]] = elements.get(i);
        }
      }
      return new Array(List.of(whole));
    };
  }

  /**
   * What is said where parts failed: how many were executed nevertheless.
   *
   * @param name of the command
   */
  static Failure partial(String name, int parts, List<Failure> failures) {
    Failure first = failures.get(0);
    return parts == 1
        ? first
        : new Failure(
            first.code()
                + " "
                + name
                + " was split among the Cluster's slots or nodes, and "
                + failures.size()
                + " of its "
                + parts
                + " parts failed, the others were executed: "
                + first.message());
  }
}

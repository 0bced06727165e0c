package dev.larder.benchmarks.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How ours compares with a peer.
 *
 * @param name what is compared, a slash, and with whom
 * @param perRound ours / theirs, each from the two measurements of one round
 */
public record Ratio(String name, List<Double> perRound) {
  /** Refuses a comparison without rounds, or with a figure that is none. */
  public Ratio {
    perRound = List.copyOf(perRound);
    if (perRound.isEmpty() || !perRound.stream().allMatch(it -> it > 0 && Double.isFinite(it))) {
      throw new IllegalArgumentException(
          "the rounds of " + name + " must be positive numbers, were " + perRound);
    }
  }

  /** Compares one figure of ours with the same figure of theirs, round by round. */
  public static Ratio of(
      String name,
      List<Measurement> ours,
      List<Measurement> theirs,
      ToDoubleFunction<Measurement> figure) {
    if (ours.size() != theirs.size()) {
      throw new IllegalArgumentException(
          name
              + " needs the same rounds on both sides, had "
              + ours.size()
              + " and "
              + theirs.size());
    }
    return new Ratio(
        name,
        IntStream.range(0, ours.size())
            .mapToObj(
                round ->
                    figure.applyAsDouble(ours.get(round)) / figure.applyAsDouble(theirs.get(round)))
            .toList());
  }

  /** The median of the rounds. */
  public double median() {
    return median(perRound);
  }

  /** The middle value; of an even number of them the mean of the two in the middle. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  /** The line that scripts read. */
  public String line() {
    return String.format(Locale.ROOT, "ratio %s %.3f", name, median());
  }

  /** What stands behind the line: how sure it is, and the rounds. */
  public String details() {
    return perRound.stream()
        .map(it -> String.format(Locale.ROOT, "%.3f", it))
        .collect(
            Collectors.joining(
                " ",
                String.format(
                    Locale.ROOT,
                    "%s: median %.3f, %s, by round: ",
                    name,
                    median(),
                    Interval.ofMedian(perRound)),
                ""));
  }
}

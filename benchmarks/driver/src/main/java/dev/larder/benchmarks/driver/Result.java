package dev.larder.benchmarks.driver;

import java.util.List;

/**
 * What a load did.
 *
 * @param answered how many calls were answered, all rightly
 * @param nanos from the first call to the last answer
 * @param p50Nanos the time within which half of them were answered
 * @param p99Nanos the time within which 99 of 100 were answered
 */
public record Result(long answered, long nanos, long p50Nanos, long p99Nanos) {
  static final String WORD = "result";

  static Result of(long answered, long nanos, Histogram latencies) {
    return new Result(answered, nanos, latencies.percentile(0.5), latencies.percentile(0.99));
  }

  /** Answers a second. */
  public double perSecond() {
    return answered * 1e9 / nanos;
  }

  /** The line that the driver prints. */
  String line() {
    return WORD + " " + answered + " " + nanos + " " + p50Nanos + " " + p99Nanos;
  }

  /**
   * Reads the driver's line.
   *
   * @throws IllegalArgumentException if it is anything else, such as the word {@code failed} and
   *     what went wrong
   */
  public static Result parse(String line) {
    List<String> words = List.of(line.split(" ", -1));
    if (words.size() != 5 || !words.get(0).equals(WORD)) {
      throw new IllegalArgumentException(line);
    }
    return new Result(
        Long.parseLong(words.get(1)),
        Long.parseLong(words.get(2)),
        Long.parseLong(words.get(3)),
        Long.parseLong(words.get(4)));
  }
}

package dev.larder.benchmarks.compare;

import java.util.List;
import java.util.Locale;

/**
 * Where a median lies: between two order statistics of the sample. Nothing is assumed of how the
 * values are spread: each lies below the true median with a chance of one half, so a binomial sum
 * says how often so many of them do.
 *
 * @param low the lower end
 * @param high the upper end
 * @param confidence how often such an interval holds the true median; below 0.95 only where a
 *     sample is too small for more (under six values)
 */
public record Interval(double low, double high, double confidence) {
  private static final double WANTED = 0.95;

  /** The narrowest one that is at least 95 % sure, else from the least to the greatest. */
  static Interval ofMedian(List<Double> sample) {
    List<Double> sorted = sample.stream().sorted().toList();
    int size = sorted.size();
    int left = 0; // how many are cut off at each end
    double chance = Math.pow(0.5, size); // that exactly `left` of the values lie below the median
    double confidence = 1 - 2 * chance;
    while (true) {
      chance *= (double) (size - left) / (left + 1);
      double narrower = confidence - 2 * chance;
      if (narrower < WANTED) {
        break;
      }
      confidence = narrower;
      left++;
    }
    return new Interval(sorted.get(left), sorted.get(size - 1 - left), confidence);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f to %.3f (%.1f %% sure)", low, high, 100 * confidence);
  }
}

package dev.larder.benchmarks.driver;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in buckets that widen with the duration: a percentile is at most 1/64 too high,
 * at any scale. Any number of threads may record at once.
 */
public final class Histogram {
  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;
  private static final int LARGEST_BITS = 40; // of nanoseconds: 18 minutes

  private final AtomicLongArray counts = new AtomicLongArray((LARGEST_BITS - SUB_BITS + 1) * SUB);

  /** Counts one; below 0 is 0, and beyond 18 minutes is 18 minutes. */
  public void record(long nanos) {
    counts.incrementAndGet(bucket(Math.max(0, Math.min(nanos, (1L << LARGEST_BITS) - 1))));
  }

  /**
   * The nanoseconds within which this part of all lay, 0 if there are none.
   *
   * @param part such as 0.99
   */
  public long percentile(double part) {
    long total = 0;
    for (int bucket = 0; bucket < counts.length(); bucket++) {
      total += counts.get(bucket);
    }
    long wanted = (long) Math.ceil(part * total);
    long seen = 0;
    for (int bucket = 0; bucket < counts.length(); bucket++) {
      seen += counts.get(bucket);
      if (seen >= wanted && seen > 0) {
        return highest(bucket);
      }
    }
    return 0;
  }

  /** Below 128 ns a bucket for each; from then on 64 for each power of two. */
  private static int bucket(long nanos) {
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(nanos | 1) - SUB_BITS);
    return (int) (nanos >>> shift) + shift * SUB;
  }

  /** The longest duration that falls into the bucket. */
  private static long highest(int bucket) {
    int shift = Math.max(0, bucket / SUB - 1);
    return ((bucket - (long) shift * SUB + 1) << shift) - 1;
  }
}

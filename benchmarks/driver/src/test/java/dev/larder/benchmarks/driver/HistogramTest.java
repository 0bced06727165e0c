package dev.larder.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
  @ParameterizedTest(name = "{0} ns is told as {1} ns")
  @CsvSource({
    "-5, 0",
    "0, 0",
    "127, 127",
    "128, 129",
    "129, 129",
    "255, 255",
    "256, 259",
    "1000000, 1007615",
    "1099511627775, 1099511627775",
    "9223372036854775807, 1099511627775"
  })
  void aDurationIsToldAsTheLongestOfItsBucket(long nanos, long told) {
    Histogram histogram = new Histogram();
    histogram.record(nanos);
    assertThat(histogram.percentile(0.5)).isEqualTo(told);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(doubles = {0, 0.5, 0.9, 0.99, 0.999, 1})
  void percentilesAreThoseOfTheSortedDurationsAndAtMostA64thTooHigh(double part) {
    SplittableRandom random = new SplittableRandom(2);
    long[] sorted =
        LongStream.generate(() -> (long) Math.exp(random.nextDouble(5, 20)))
            .limit(10_000)
            .sorted()
            .toArray();
    Histogram histogram = new Histogram();
    LongStream.of(sorted).forEach(histogram::record);

    long exact = sorted[(int) Math.max(0, Math.ceil(part * sorted.length) - 1)];

    assertThat(histogram.percentile(part)).isBetween(exact, exact + exact / 64);
  }

  @Test
  void withoutAnyItIsZero() {
    assertThat(new Histogram().percentile(0.99)).isZero();
  }
}

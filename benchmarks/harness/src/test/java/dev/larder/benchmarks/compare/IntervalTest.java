package dev.larder.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {
  @ParameterizedTest(name = "of {0} values: from the {1}th to the {2}th, {3} sure")
  @CsvSource({
    "1, 1, 1, 0",
    "2, 1, 2, 0.5",
    "5, 1, 5, 0.9375",
    "6, 1, 6, 0.96875",
    "8, 1, 8, 0.9921875",
    "9, 2, 8, 0.9609375",
    "12, 3, 10, 0.961426",
    "20, 6, 15, 0.958611"
  })
  void isTheNarrowestThatIsSureEnough(int size, double low, double high, double confidence) {
    Interval interval =
        Interval.ofMedian(IntStream.rangeClosed(1, size).mapToObj(n -> (double) n).toList());
    assertThat(interval.low()).isEqualTo(low);
    assertThat(interval.high()).isEqualTo(high);
    assertThat(interval.confidence()).isCloseTo(confidence, within(1e-6));
  }

  @Test
  void holdsTheTrueMedianAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(3);
    int held = 0;
    for (int sample = 0; sample < 10_000; sample++) {
      // Skewed: the median is ln 2.
      Interval interval =
          Interval.ofMedian(random.doubles(12).mapToObj(drawn -> -Math.log(1 - drawn)).toList());
      if (interval.low() <= Math.log(2) && Math.log(2) <= interval.high()) {
        held++;
      }
    }
    assertThat(held / 10_000.0).isCloseTo(0.961, within(0.01));
  }
}

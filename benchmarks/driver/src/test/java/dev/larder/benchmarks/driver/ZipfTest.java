package dev.larder.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZipfTest {
  @ParameterizedTest(name = "of 1 + 1/2 + 1/3: {0} draws rank {1}")
  @CsvSource({"0, 0", "0.545, 0", "0.546, 1", "0.818, 1", "0.819, 2", "0.9999999, 2"})
  void everyRankHasItsShare(double drawn, int rank) {
    assertThat(new Zipf(3).rank(drawn)).isEqualTo(rank);
  }

  @Test
  void theTenthIsDrawnATenthAsOftenAsTheFirst() {
    Zipf zipf = new Zipf(10_000);
    SplittableRandom random = new SplittableRandom(1);
    int[] drawn = new int[10_000];
    for (int n = 0; n < 1_000_000; n++) {
      drawn[zipf.rank(random.nextDouble())]++;
    }
    assertThat((double) drawn[9] / drawn[0]).isCloseTo(0.1, within(0.01));
  }
}

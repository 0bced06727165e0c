package dev.larder.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RatioTest {
  @Test
  void medianOfAnOddNumberOfRoundsIsTheMiddleOne() {
    assertThat(new Ratio("get/peer", List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2.0);
  }

  @Test
  void medianOfAnEvenNumberOfRoundsLiesBetweenTheTwoInTheMiddle() {
    assertThat(new Ratio("get/peer", List.of(9.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
  }

  @Test
  void comparesRoundByRoundSoThatASlowRoundOfBothCancelsOut() {
    List<Measurement> ours = List.of(perSecond(30), perSecond(3), perSecond(20));
    List<Measurement> theirs = List.of(perSecond(15), perSecond(2), perSecond(8));
    assertThat(Ratio.of("get/peer", ours, theirs, Measurement::perSecond).perRound())
        .containsExactly(2.0, 1.5, 2.5);
  }

  @Test
  void theLineHasADotWhateverTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(new Ratio("get/peer", List.of(1.23456)).line()).isEqualTo("ratio get/peer 1.235");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void refusesRoundsThatAreNoNumbers() {
    List<Measurement> none = List.of(new Measurement(1, 1, 1, 0));
    assertThatThrownBy(() -> Ratio.of("cpu/peer", none, none, Measurement::cpuMicros))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new Ratio("cpu/peer", List.of())).hasMessageContaining("cpu/peer");
  }

  private static Measurement perSecond(double perSecond) {
    return new Measurement(perSecond, 1, 1, 1);
  }
}

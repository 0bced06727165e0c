package dev.larder.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ManualClockTest {
  private final Instant start = Instant.parse("2026-11-24T00:00:00Z");
  private final ManualClock clock = ManualClock.at(start);

  @Test
  void standsStillUntilAdvanced() {
    assertThat(clock.instant()).isEqualTo(start);
    assertThat(clock.advance(Duration.ofSeconds(60))).isEqualTo(start.plusSeconds(60));
    assertThat(clock.millis()).isEqualTo(start.plusSeconds(60).toEpochMilli());
  }

  @Test
  void neverGoesBack() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> clock.advance(Duration.ofMillis(-1)))
        .withMessageContaining("PT-0.001S");
  }
}

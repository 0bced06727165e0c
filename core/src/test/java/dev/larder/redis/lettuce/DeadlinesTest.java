package dev.larder.redis.lettuce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {
  private static final long ORIGIN = -5_000_000_000_000_000_000L;
  private static final long MILLI = 1_000_000;

  private final Deadlines deadlines = new Deadlines(ORIGIN);
  private final List<Late> expired = new ArrayList<>();
  private long now = ORIGIN;

  private final class Late extends Deadlines.Entry {
    private final long deadline;

    Late(long deadline) {
      super(deadline);
      this.deadline = deadline;
    }

    @Override
    void expired() {
      assertThat(now).as("not early, nor later than a tick").isBetween(deadline, deadline + MILLI);
      expired.add(this);
    }
  }

  private Late in(long nanos) {
    Late late = new Late(now + nanos);
    assertThat(deadlines.add(late)).isBetween(now + nanos, now + nanos + MILLI);
    return late;
  }

  private void sweepAt(long when) {
    now = when;
    deadlines.sweep(now);
  }

  @ParameterizedTest(name = "after {0} ns")
  @ValueSource(longs = {5 * MILLI, 5 * MILLI + 1, 1023 * MILLI, 1024 * MILLI, 60_000 * MILLI + 7})
  void endsACallWithinAMillisecondOfItsDeadline(long budget) {
    Late late = in(budget);
    for (int looks = 0; expired.isEmpty(); looks++) {
      assertThat(looks).as("looks at the wheel").isLessThan(70);
      sweepAt(deadlines.next());
    }

    assertThat(expired).containsExactly(late);
    assertThat(deadlines.next()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void isNotLookedAtForCallsThatAreOver() {
    for (int i = 0; i < 10_000; i++) {
      in(5 * MILLI + i * 1000L).leave();
    }

    assertThat(deadlines.next()).isEqualTo(Long.MAX_VALUE);
    sweepAt(ORIGIN + 60_000 * MILLI);
    assertThat(expired).isEmpty();
  }

  @Test
  void endsEachOfManyOnceInWhateverOrderTheyComeAndGo() {
    Random random = new Random(17);
    List<Late> expected = new ArrayList<>();
    for (int round = 0; round < 5_000; round++) {
      Late late = in(1 + random.nextLong(3_000 * MILLI));
      if (random.nextInt(3) == 0) {
        late.leave();
        late.leave();
      } else {
        expected.add(late);
      }
      if (deadlines.next() < now + MILLI) {
        sweepAt(deadlines.next());
      } else {
        now += random.nextLong(MILLI / 2);
      }
    }
    while (deadlines.next() != Long.MAX_VALUE) {
      sweepAt(deadlines.next());
    }

    assertThat(expired).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void endsAtOnceWhatComesTooLate() {
    sweepAt(ORIGIN + 5_000 * MILLI);
    now -= 10 * MILLI;
    Late late = new Late(now);
    deadlines.add(late);
    now = deadlines.next();

    assertThat(now).isLessThanOrEqualTo(ORIGIN + 5_001 * MILLI);
  }
}

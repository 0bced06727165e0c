package dev.larder.server.http.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuessLimitTest {
  /** Where a clock that only goes forward may begin: it wraps around soon. */
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

  private final GuessLimit limit = new GuessLimit(clock::get);

  @Test
  void lets5WrongOnesThroughForANameAndThenOneAMinute() {
    guess("a", 5);
    assertThat(limit.tryAcquire("a")).contains(Duration.ofMinutes(1));
    pass(Duration.ofSeconds(59));
    assertThat(limit.tryAcquire("a")).contains(Duration.ofSeconds(1));
    assertThat(limit.tryAcquire("b")).isEmpty();
    pass(Duration.ofSeconds(1));
    guess("a", 1);
    assertThat(limit.tryAcquire("a")).contains(Duration.ofMinutes(1));
    pass(Duration.ofHours(1));
    guess("a", 5);
    assertThat(limit.tryAcquire("a")).isPresent();
  }

  @Test
  void lets50WrongOnesThroughForAllNamesAndThenOneInSixSeconds() {
    for (int i = 0; i < 50; i++) {
      guess("name-" + i, 1);
    }
    assertThat(limit.tryAcquire("another")).contains(Duration.ofSeconds(6));
    pass(Duration.ofSeconds(6));
    guess("another", 1);
    assertThat(limit.tryAcquire("one more")).contains(Duration.ofSeconds(6));
  }

  @Test
  void aRightOneTakesNothing() {
    for (int i = 0; i < 1_000; i++) {
      guess("a", 1);
      limit.giveBack("a");
    }
    guess("a", 5);
    limit.giveBack("a");
    guess("a", 1);
    assertThat(limit.tryAcquire("a")).contains(Duration.ofMinutes(1));
  }

  @Test
  void whatIsBeingTriedCounts() {
    guess("a", 5);
    assertThat(limit.tryAcquire("a")).isPresent();
    for (int i = 0; i < 5; i++) {
      limit.giveBack("a");
    }
    assertThat(limit.tryAcquire("a")).isEmpty();
  }

  @Test
  void remembersNoNameForLong() {
    for (int hour = 0; hour < 100; hour++) {
      for (int i = 0; i < 200; i++) {
        var unused = limit.tryAcquire("name-" + hour + "-" + i);
      }
      assertThat(limit.names()).isLessThanOrEqualTo(60);
      pass(Duration.ofHours(1));
    }
  }

  private void guess(String name, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(limit.tryAcquire(name)).as("guess %s of %s", i, name).isEmpty();
    }
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}

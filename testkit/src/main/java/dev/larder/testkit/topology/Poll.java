package dev.larder.testkit.topology;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Asks engines again and again whether they agree, as they tell nobody when they do. */
final class Poll {
  private static final Duration AT_MOST = Duration.ofSeconds(60);
  private static final long PAUSE_MILLIS = 20;

  private Poll() {}

  /**
   * Returns when the condition holds; an engine that does not answer is asked again.
   *
   * @param what the condition, for the message
   * @throws IllegalStateException if it does not hold within a minute
   */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + AT_MOST.toNanos();
    @Nullable UncheckedIOException last;
    do {
      last = null;
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (UncheckedIOException e) {
        last = e;
      }
      pause(what);
    } while (System.nanoTime() - deadline < 0);
    throw new IllegalStateException(
        "still waiting after " + AT_MOST.toSeconds() + " s: " + what, last);
  }

  private static void pause(String what) {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: " + what, e);
    }
  }
}

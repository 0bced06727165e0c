package dev.larder.server.rest.engine;

import dev.larder.redis.lettuce.link.LettuceOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How much may be asked of the engine.
 *
 * @param waitingBytes of requests that may wait for it at a time
 * @param budget how long it may take to answer one
 */
public record EngineLimits(long waitingBytes, Duration budget) {
  /** How often links look at what waits, in ms. */
  public static final long SWEEP_MILLIS = 50;

  /** Refuses limits that would let nothing through. */
  public EngineLimits {
    if (waitingBytes < 1) {
      throw new IllegalArgumentException("waitingBytes must be at least 1, was " + waitingBytes);
    }
    if (budget.toMillis() < 1) {
      throw new IllegalArgumentException(
          "budget must be at least 1 ms, was " + budget.toMillis() + " ms");
    }
  }

  /** How connections judge an engine; links keep the time of each request themselves. */
  public LettuceOptions connections() {
    long millis = Math.max(5, Math.min(budget.toMillis(), TimeUnit.DAYS.toMillis(1)));
    return LettuceOptions.of(it -> it.budget(Duration.ofMillis(millis)));
  }
}

package dev.larder.server.rest.engine;

import dev.larder.redis.lettuce.link.LettuceOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How much may be asked of the engine.
 *
 * @param budget how long it may take to answer one
 * @param longestString in its replies, in bytes
 */
public record EngineLimits(Duration budget, int longestString) {
  /** How often links look at what waits, in ms. */
  public static final long SWEEP_MILLIS = 50;

  /**
   * How many commands of one request links send before they wait for replies. An engine keeps what
   * it answers until it is read, and what that will be nobody knows before: so many values of 5 MB
   * are what the node's own engine may keep.
   */
  public static final int WINDOW = 48;

  /** Refuses limits that would let nothing through. */
  public EngineLimits {
    if (budget.toMillis() < 1) {
      throw new IllegalArgumentException(
          "budget must be at least 1 ms, was " + budget.toMillis() + " ms");
    }
  }

  /** How connections judge an engine; links keep the time of each request themselves. */
  public LettuceOptions connections() {
    long millis = Math.max(5, Math.min(budget.toMillis(), TimeUnit.DAYS.toMillis(1)));
    return LettuceOptions.of(
        it -> it.budget(Duration.ofMillis(millis)).longestString(longestString));
  }
}

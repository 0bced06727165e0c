package dev.larder.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test advances it; safe to share between threads. */
public final class ManualClock implements InstantSource {
  private volatile Instant now;

  private ManualClock(Instant start) {
    now = start;
  }

  /** Starts at the first second of 2026 (UTC). */
  public static ManualClock create() {
    return at(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /** Starts at a given instant. */
  public static ManualClock at(Instant start) {
    return new ManualClock(start);
  }

  /**
   * Lets time pass; returns the new now.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public synchronized Instant advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("time does not go back, was " + duration);
    }
    now = now.plus(duration);
    return now;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public String toString() {
    return "ManualClock at " + now;
  }
}

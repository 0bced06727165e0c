package dev.larder.benchmarks.compare;

import java.time.Duration;

/**
 * How long a run takes, besides builds and starts: each subject is warmed up once and then measured
 * once in every round.
 *
 * @param warmUp load on each subject before the first round
 * @param measure load on each subject in each round
 * @param rounds how many rounds there are
 */
public record Pace(Duration warmUp, Duration measure, int rounds) {
  /** Shows in seconds that a bench works; its figures mean nothing. */
  public static final Pace QUICK = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(1), 2);

  /** Refuses what wrk, which counts in whole seconds, could not run. */
  public Pace {
    if (warmUp.toSeconds() < 1) {
      throw new IllegalArgumentException("warmUp must be at least 1 s, was " + warmUp);
    }
    if (measure.toSeconds() < 1) {
      throw new IllegalArgumentException("measure must be at least 1 s, was " + measure);
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds must be at least 1, was " + rounds);
    }
  }
}

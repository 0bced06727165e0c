package dev.larder.benchmarks.compare;

/**
 * What one subject did in one round.
 *
 * @param perSecond operations a second; of a pipeline each command is one
 * @param p50Millis the time within which half of the requests were answered
 * @param p99Millis the time within which 99 of 100 requests were answered
 * @param cpuMicros CPU time of the servers an operation, user and system; the load's only where it
 *     runs in the same process
 */
public record Measurement(double perSecond, double p50Millis, double p99Millis, double cpuMicros) {
  /** Refuses the figures of a run in which nothing was done. */
  public Measurement {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("perSecond must be above 0, was " + perSecond);
    }
  }
}

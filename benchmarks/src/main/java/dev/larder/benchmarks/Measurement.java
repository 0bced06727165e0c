package dev.larder.benchmarks;

/**
 * What one subject did in one round.
 *
 * @param perSecond operations a second; of a pipeline each command is one
 * @param p99Millis the time within which 99 of 100 requests were answered
 * @param cpuMicros CPU time of the servers (not of the load) an operation, user and system
 */
public record Measurement(double perSecond, double p99Millis, double cpuMicros) {
  /** Refuses the figures of a run in which nothing was done. */
  public Measurement {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException("perSecond must be above 0, was " + perSecond);
    }
  }
}

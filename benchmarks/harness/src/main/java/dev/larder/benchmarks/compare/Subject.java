package dev.larder.benchmarks.compare;

import java.time.Duration;

/** One thing that is measured again in every round. */
public interface Subject {
  /** What to call it in tables and messages. */
  String label();

  /**
   * Puts load on it for about so long, and says what it did.
   *
   * @throws dev.larder.benchmarks.process.BenchException if anything of it failed or was answered
   *     wrongly
   */
  Measurement measure(Duration time) throws InterruptedException;
}

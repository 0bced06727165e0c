package dev.larder.testwatch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The test classes and methods that have started and not yet ended, in the order of their start.
 */
final class RunningTests {
  private record Run(String name, long startedAt) {}

  private final LongSupplier nanoTime;
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private long changedAt;

  RunningTests(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    changedAt = nanoTime.getAsLong();
  }

  synchronized void start(String id, String name) {
    changedAt = nanoTime.getAsLong();
    runs.put(id, new Run(name, changedAt));
  }

  /** How long it ran; zero for one that was not running. */
  synchronized Duration end(String id) {
    changedAt = nanoTime.getAsLong();
    Run run = runs.remove(id);
    return run == null ? Duration.ZERO : since(run.startedAt());
  }

  /** How long ago the last start or end was. */
  synchronized Duration quiet() {
    return since(changedAt);
  }

  /**
   * What runs, and for how long, as in {@code "CartTest for 31 s, CartTest.empties() for 30 s"}.
   */
  @Override
  public synchronized String toString() {
    if (runs.isEmpty()) {
      return "no test";
    }
    return runs.values().stream()
        .map(run -> run.name() + " for " + since(run.startedAt()).toSeconds() + " s")
        .collect(Collectors.joining(", "));
  }

  private Duration since(long then) {
    return Duration.ofNanos(nanoTime.getAsLong() - then);
  }
}

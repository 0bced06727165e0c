package dev.larder.benchmarks.driver;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What both kinds of load share: how long calls took, whether all are answered, and rightly. */
final class Calls {
  private static final long GRACE_NANOS = Duration.ofSeconds(30).toNanos();

  final Histogram latencies = new Histogram();
  private final DataSet.Reads reads;
  private final AtomicReference<@Nullable String> fault = new AtomicReference<>();

  Calls(DataSet.Reads reads) {
    this.reads = reads;
  }

  /** Counts an answer that came now to a call that was due then; false if it was wrong. */
  boolean answered(
      int number, long due, long now, byte @Nullable [] value, @Nullable Throwable thrown) {
    if (Arrays.equals(value, reads.value(number))) {
      latencies.record(now - due);
      return true;
    }
    fault.compareAndSet(
        null,
        "the answer to GET "
            + DataSet.key(number)
            + " was "
            + (thrown != null
                ? thrown.toString()
                : value == null
                    ? "no value"
                    : "a value of " + value.length + " bytes, not its own"));
    return false;
  }

  boolean failed() {
    return fault.get() != null;
  }

  /**
   * Waits until all is answered.
   *
   * @param limit what the load was to take; 30 s are added
   * @throws IllegalStateException if anything is not answered, or wrongly
   */
  void await(CountDownLatch open, Duration limit) throws InterruptedException {
    boolean all = failed() || open.await(limit.toNanos() + GRACE_NANOS, NANOSECONDS);
    String wrong = fault.get();
    if (wrong != null) {
      throw new IllegalStateException(wrong);
    }
    if (!all) {
      throw new IllegalStateException(open.getCount() + " calls had no answer after 30 s");
    }
  }
}

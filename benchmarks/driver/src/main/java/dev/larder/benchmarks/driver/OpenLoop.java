package dev.larder.benchmarks.driver;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Calls that arrive at a set rate, at random times (a Poisson process), whether or not the earlier
 * ones are answered. A call's time begins when it was to arrive, not when it was made: a subject
 * that holds up its callers is charged with the wait of all who would have come meanwhile. So is
 * the lateness of this thread, which sleeps between calls: it is the same for all subjects.
 */
final class OpenLoop {
  private static final int SEED = 18;

  private OpenLoop() {}

  /**
   * Runs it for this time.
   *
   * @throws IllegalStateException if an answer is wrong or does not come
   */
  static Result run(Client client, DataSet.Reads reads, int perSecond, Duration time)
      throws InterruptedException {
    int count = Math.toIntExact(Math.max(1, perSecond * time.toNanos() / 1_000_000_000));
    Calls calls = new Calls(reads);
    CountDownLatch open = new CountDownLatch(count);
    SplittableRandom random = new SplittableRandom(SEED);
    long began = System.nanoTime();
    double due = began;
    for (int position = 0; position < count && !calls.failed(); position++) {
      due += -Math.log(1 - random.nextDouble()) * 1e9 / perSecond;
      call(client, reads, reads.number(position), (long) due, calls, open);
    }
    calls.await(open, time);
    return Result.of(count, System.nanoTime() - began, calls.latencies);
  }

  private static void call(
      Client client, DataSet.Reads reads, int number, long due, Calls calls, CountDownLatch open) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    client.get(
        reads.key(number),
        (value, thrown) -> {
          calls.answered(number, due, System.nanoTime(), value, thrown);
          open.countDown();
        });
  }
}

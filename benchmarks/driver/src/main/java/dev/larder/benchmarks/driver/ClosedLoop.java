package dev.larder.benchmarks.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A set number of calls in flight: each answer makes the next call, on the thread it came on. */
final class ClosedLoop {
  private final Client client;
  private final DataSet.Reads reads;
  private final Calls calls;
  private final CountDownLatch running;
  private final long began;
  private final long until;

  private ClosedLoop(Client client, DataSet.Reads reads, int inFlight, Duration time) {
    this.client = client;
    this.reads = reads;
    calls = new Calls(reads);
    running = new CountDownLatch(inFlight);
    began = System.nanoTime();
    until = began + time.toNanos();
  }

  /**
   * Runs it for this time.
   *
   * @throws IllegalStateException if an answer is wrong or does not come
   */
  static Result run(Client client, DataSet.Reads reads, int inFlight, Duration time)
      throws InterruptedException {
    ClosedLoop loop = new ClosedLoop(client, reads, inFlight, time);
    List<Caller> callers = new ArrayList<>();
    for (int n = 0; n < inFlight; n++) {
      Caller caller = loop.new Caller((int) ((long) n * reads.size() / inFlight));
      callers.add(caller);
      caller.call(System.nanoTime());
    }
    loop.calls.await(loop.running, time);
    return Result.of(
        callers.stream().mapToLong(it -> it.answered).sum(),
        System.nanoTime() - loop.began,
        loop.calls.latencies);
  }

  /** One of the calls in flight, with its own place in the order of reads. */
  private final class Caller implements BiConsumer<byte @Nullable [], @Nullable Throwable> {
    private int position;
    private int number;
    private long sent;
    private long answered;

    Caller(int position) {
      this.position = position;
    }

    void call(long now) {
      sent = now;
      number = reads.number(position++);
      client.get(reads.key(number), this);
    }

    @Override
    public void accept(byte @Nullable [] value, @Nullable Throwable thrown) {
      long now = System.nanoTime();
      if (calls.answered(number, sent, now, value, thrown)) {
        answered++;
        if (now - until < 0 && !calls.failed()) {
          call(now);
          return;
        }
      }
      running.countDown();
    }
  }
}

package dev.larder.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.server.rest.TestDoor.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Callers that count on keys of their own with INCR while the engine is ill-treated. Each answer
 * must be its caller's own, and what is counted must lie between what was confirmed and what was
 * tried.
 */
final class Load implements AutoCloseable {
  private static final int CALLERS = 16;

  private final TestDoor door;
  private final boolean lossy;
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Caller> callers = new ArrayList<>();
  private final AtomicInteger confirmed = new AtomicInteger();
  private final AtomicLong slowest = new AtomicLong();
  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();

  private final class Caller implements Runnable {
    final String key;
    final boolean pipelined;
    long low;
    long high;

    Caller(int number) {
      key = "load:" + number;
      pipelined = number % 2 == 0;
    }

    @Override
    public void run() {
      while (!over.get()) {
        long began = System.nanoTime();
        Answer answer =
            pipelined
                ? door.post(
                    "/pipeline", "[[\"ECHO\",\"%s\"],[\"INCR\",\"%s\"]]".formatted(key, key))
                : door.post("/", "[\"INCR\",\"%s\"]".formatted(key));
        slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
        high++;
        String before = pipelined ? "[{\"result\":\"" + key + "\"},{\"result\":" : "{\"result\":";
        if (answer.status() == 200 && answer.body().startsWith(before)) {
          long count =
              Long.parseLong(answer.body().substring(before.length()).replaceAll("[]}]", ""));
          if (count > high || (count <= low && !lossy)) {
            wrong.add(key + " between " + low + " and " + high + " was answered " + count);
          }
          low = count;
          confirmed.incrementAndGet();
        } else if (answer.status() == 503 || (pipelined && answer.status() == 200)) {
          errors.add(answer.body());
        } else {
          wrong.add(key + " was answered " + answer);
        }
      }
    }
  }

  /**
   * Begins.
   *
   * @param lossy whether the engines may lose what they confirmed, as in a failover
   */
  Load(TestDoor door, boolean lossy) {
    this.door = door;
    this.lossy = lossy;
    for (int i = 0; i < CALLERS; i++) {
      callers.add(new Caller(i));
    }
    callers.forEach(threads::execute);
  }

  /** How many INCRs were answered with a number. */
  int confirmed() {
    return confirmed.get();
  }

  /** What was answered with an error. */
  List<String> errors() {
    return errors;
  }

  /** Ends the load and proves the counts. */
  void endAndProve() throws InterruptedException {
    over.set(true);
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).as("no caller hangs").isTrue();
    assertThat(wrong).isEmpty();
    assertThat(errors).allMatch(it -> !it.contains("MOVED") && !it.contains("ASK "));
    // A turn of the sweep, and a busy machine's share.
    assertThat(Duration.ofNanos(slowest.get())).isLessThan(TestDoor.BUDGET.plusSeconds(3));
    for (Caller caller : callers) {
      String body = door.run("GET", caller.key);
      long count = Long.parseLong(body.replaceAll("\\D", ""));
      assertThat(count).as(caller.key + ": " + body).isLessThanOrEqualTo(caller.high);
      if (!lossy) {
        assertThat(count).as(caller.key).isGreaterThanOrEqualTo(caller.low);
      }
    }
  }

  @Override
  public void close() {
    over.set(true);
    threads.shutdownNow();
  }
}

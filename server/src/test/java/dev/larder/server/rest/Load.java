package dev.larder.server.rest;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.rest.TestDoor.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Callers that count with INCR while the engine is ill-treated, each on a key that nobody else
 * touches. Each answer must be its caller's own, and each count one more than the one before, or
 * more by as many INCRs as had an unknown outcome: the engine may have executed those, or may do so
 * at any later time.
 */
final class Load implements AutoCloseable {
  private static final int CALLERS = 16;
  private static final long EASE_NANOS = MILLISECONDS.toNanos(100);

  /** So that nothing that an earlier load left on its way is counted. */
  private static final AtomicInteger LOADS = new AtomicInteger();

  private final TestDoor door;
  private final String name = "load-" + LOADS.incrementAndGet();
  private final ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<Caller> callers = IntStream.range(0, CALLERS).mapToObj(Caller::new).toList();
  private final AtomicInteger failovers = new AtomicInteger();
  private final AtomicLong slowest = new AtomicLong();
  private volatile long lastError = System.nanoTime() - EASE_NANOS;
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  private final class Caller implements Runnable {
    final String key;
    final Queue<String> errors = new ConcurrentLinkedQueue<>();
    final AtomicInteger confirmed = new AtomicInteger();
    private final boolean pipelined;
    private final Pattern answered;
    private long last;
    private long unknown;
    private int forgotten;

    Caller(int number) {
      key = name + ":" + number;
      pipelined = number % 2 == 0;
      String error = "\\{\"error\":\"[^\"]*\"}";
      answered =
          Pattern.compile(
              "(\\[(\\{\"result\":\"%s\"}|%s),)?(\\{\"result\":(?<count>\\d+)}|(?<error>%s))]?"
                  .formatted(key, error, error));
    }

    @Override
    public void run() {
      try {
        count();
      } catch (RuntimeException e) {
        wrong.add(key + ": " + e);
      }
    }

    private void count() {
      while (over.getCount() > 0) {
        long began = System.nanoTime();
        Answer answer =
            pipelined
                ? door.post("/pipeline", "[[\"ECHO\",\"%1$s\"],[\"INCR\",\"%1$s\"]]".formatted(key))
                : door.post("/", "[\"INCR\",\"%s\"]".formatted(key));
        slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
        judge(answer);
        ease();
      }
    }

    /** While some are answered with errors, all leave the machine to the engines' recovery. */
    private void ease() {
      try {
        if (System.nanoTime() - lastError < EASE_NANOS) {
          over.await(20, MILLISECONDS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private void judge(Answer answer) {
      Matcher told = answered.matcher(answer.body());
      if (!told.matches()) {
        wrong.add(key + " was answered " + answer);
      } else if (answer.status() == 200 && told.group("count") != null) {
        counted(Long.parseLong(told.group("count")), 1);
        confirmed.incrementAndGet();
      } else if (answer.status() == 503 || (answer.status() == 200 && pipelined)) {
        String error = told.group("error");
        errors.add(error);
        lastError = System.nanoTime();
        if (!error.contains("nothing was executed")) {
          unknown++;
        }
      } else {
        wrong.add(key + " was answered " + answer);
      }
    }

    /** Judges a count that so many INCRs of this caller led to since the last one. */
    void counted(long count, int confirmed) {
      long more = count - last - confirmed;
      if (more < 0 && forgotten < failovers.get()) {
        forgotten++;
      } else if (more < 0 || more > unknown) {
        wrong.add(
            "%s is %d, %d more than after %d before, with %d of unknown outcome"
                .formatted(key, count, confirmed, last, unknown));
      } else {
        unknown -= more;
      }
      last = count;
    }
  }

  /** Begins. */
  Load(TestDoor door) {
    this.door = door;
    callers.forEach(threads::execute);
  }

  /** The key of one of its callers. */
  String key() {
    return callers.get(1).key;
  }

  /**
   * From now on another engine may answer, one that never heard of the latest that was confirmed:
   * replication is asynchronous.
   */
  void failsOver() {
    failovers.incrementAndGet();
  }

  /** Returns when every caller has been served a good many times more. */
  void awaitService() {
    int[] goals = callers.stream().mapToInt(it -> it.confirmed.get() + 30).toArray();
    await("every caller is served")
        .until(
            () ->
                !wrong.isEmpty()
                    || IntStream.range(0, CALLERS)
                        .allMatch(i -> callers.get(i).confirmed.get() >= goals[i]));
  }

  /** What was answered with an error. */
  List<String> errors() {
    return errors(callers.stream());
  }

  /** What the caller of a key was answered with an error. */
  List<String> errors(String key) {
    return errors(callers.stream().filter(it -> it.key.equals(key)));
  }

  private static List<String> errors(Stream<Caller> callers) {
    return callers.flatMap(it -> it.errors.stream()).toList();
  }

  /** Ends the load and proves the counts. */
  void endAndProve() throws InterruptedException {
    over.countDown();
    threads.shutdown();
    assertThat(threads.awaitTermination(60, SECONDS)).as("no caller hangs").isTrue();
    for (Caller caller : callers) {
      caller.counted(Long.parseLong(door.run("GET", caller.key).replaceAll("\\D", "")), 0);
    }
    assertThat(wrong).isEmpty();
    assertThat(errors()).allMatch(it -> !it.contains("MOVED") && !it.contains("ASK "));
    assertThat(Duration.ofNanos(slowest.get())).isLessThan(door.budget().multipliedBy(10));
  }

  @Override
  public void close() {
    over.countDown();
    threads.shutdownNow();
  }
}

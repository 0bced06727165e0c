package dev.larder.server.failure;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.larder.server.RawHttp;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the callers of an outage test share: how far they are, and what was wrong. */
final class Outage {
  /** The node's default. */
  static final Duration BUDGET = Duration.ofSeconds(2);

  /** Of a pipeline on a Cluster, each command is answered for itself. */
  private static final Pattern PARTLY =
      Pattern.compile(
          "\\{\"error\":\"ERR the (engine did not answer|engine cannot be reached"
              + "|connection to the engine broke)");

  private final AtomicLong served = new AtomicLong();
  private final AtomicLong unavailable = new AtomicLong();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failovers = new AtomicInteger();
  private volatile boolean over;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** How an exchange ended. */
  enum Outcome {
    /** Answered with 200. */
    SERVED,
    /** 503, and nothing of the request can have been executed. */
    NOTHING_EXECUTED,
    /** 503, and all, part or nothing of it may have been executed. */
    UNKNOWN
  }

  /** Sends a request, and judges what can be said of its answer without knowing what was asked. */
  Outcome exchange(RawHttp connection, String path, String token, String body, Answer answer) {
    boolean mustBeServed = over;
    long start = System.nanoTime();
    RawHttp.Response response = connection.post(path, token, body).read();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    answer.response = response;
    if (took.compareTo(BUDGET.multipliedBy(10)) > 0) {
      wrong.add("an answer took " + took + ": " + response);
    }
    String said = response.body();
    boolean partly = path.equals("/pipeline") && PARTLY.matcher(said).find();
    if (response.status() == 200 && !partly) {
      served.incrementAndGet();
      return Outcome.SERVED;
    }
    unavailable.incrementAndGet();
    if (partly && !mustBeServed) {
      backOff();
      return Outcome.UNKNOWN;
    }
    if (response.status() != 503
        || !said.matches("\\{\"error\":\"ERR [^\"]+\"}")
        || !"application/json".equals(response.headers().get("content-type"))
        || mustBeServed) {
      wrong.add(path + " " + body + " was answered with " + response);
    }
    backOff();
    return said.contains("nothing was executed") ? Outcome.NOTHING_EXECUTED : Outcome.UNKNOWN;
  }

  /** Who is told that the engine is away asks again a little later, as callers do. */
  private void backOff() {
    try {
      stopped.await(20, MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Where {@link #exchange} leaves what was answered. */
  static final class Answer {
    private RawHttp.@Nullable Response response;

    String body() {
      return response == null ? "" : response.body();
    }
  }

  void wrong(String what) {
    wrong.add(what);
  }

  Queue<String> wrong() {
    return wrong;
  }

  long served() {
    return served.get();
  }

  long unavailable() {
    return unavailable.get();
  }

  /**
   * From now on another engine may answer, one that never heard of the latest that was
   * acknowledged: replication is asynchronous.
   */
  void failsOver() {
    failovers.incrementAndGet();
  }

  int failovers() {
    return failovers.get();
  }

  /** From now on every request must be served. */
  void over() {
    over = true;
  }

  /** Callers end behind their present request. */
  void stop() {
    stopped.countDown();
  }

  boolean stopped() {
    return stopped.getCount() == 0 || !wrong.isEmpty();
  }
}

package dev.larder.benchmarks.rest;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.larder.benchmarks.compare.Ratio;
import dev.larder.benchmarks.process.BenchException;
import dev.larder.benchmarks.process.Processes;
import dev.larder.benchmarks.process.RedisEngine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * How long the callers of our node wait while its engine stands still (SIGSTOP): the promise is the
 * node's budget, after which they get a 503.
 */
final class Stall {
  private static final Duration BUDGET = Duration.ofSeconds(2); // the node's default
  private static final Duration AT_MOST = BUDGET.multipliedBy(10);
  private static final int CALLERS = 64;

  private final Processes processes;
  private final RedisEngine engine;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpRequest request;

  Stall(Processes processes, RedisEngine engine, String url, String token) {
    this.processes = processes;
    this.engine = engine;
    request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(AT_MOST)
            .header("Authorization", "Bearer " + token)
            .build();
  }

  /**
   * The wait of the slowest of 64 callers, in budgets.
   *
   * @throws BenchException if one is answered with another status, or waits for ten budgets
   */
  Ratio slowest(int rounds) throws InterruptedException {
    List<Double> perRound = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      signal("STOP");
      try {
        perRound.add((double) slowestNanos() / BUDGET.toNanos());
      } finally {
        signal("CONT");
      }
      awaitService();
    }
    return new Ratio("stalled/budget", perRound);
  }

  private void signal(String name) throws InterruptedException {
    String kill = "kill -" + name + " " + engine.running().process().pid();
    processes.run(AT_MOST, Map.of(), "", List.of("/bin/sh", "-c", kill));
  }

  private long slowestNanos() throws InterruptedException {
    List<CompletableFuture<Long>> waits = Stream.generate(this::refused).limit(CALLERS).toList();
    long slowest = 0;
    for (CompletableFuture<Long> wait : waits) {
      slowest = Math.max(slowest, result(wait));
    }
    return slowest;
  }

  /** The nanoseconds after which one caller got its 503. */
  private CompletableFuture<Long> refused() {
    long began = System.nanoTime();
    return status()
        .thenApply(
            status -> {
              if (status != 503) {
                throw new BenchException("while the engine stood still, a GET got a " + status);
              }
              return System.nanoTime() - began;
            });
  }

  private void awaitService() throws InterruptedException {
    long deadline = System.nanoTime() + AT_MOST.toNanos();
    while (result(status()) != 200) {
      if (System.nanoTime() - deadline > 0) {
        throw new BenchException("the engine runs again, but the node does not serve");
      }
      MILLISECONDS.sleep(50);
    }
  }

  private CompletableFuture<Integer> status() {
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .thenApply(HttpResponse::statusCode);
  }

  private static <T> T result(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get(AT_MOST.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchException("a GET was not answered: " + e.getMessage(), e);
    }
  }
}

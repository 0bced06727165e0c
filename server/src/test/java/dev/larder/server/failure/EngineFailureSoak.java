package dev.larder.server.failure;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RunningNode;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.relay.TcpRelay;
import dev.larder.testkit.relay.TcpRelay.Direction;
import dev.larder.testkit.topology.RedisSentinels;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to the engine or to the connection to it, under load: every request is answered
 * within its budget, by its own answer; nothing is executed twice; and service resumes by itself.
 */
class EngineFailureSoak {
  private static final int CALLERS = 32;

  @TempDir Path scratch;
  private final Outage outage = new Outage();

  @Test
  void survivesAnEngineThatIsKilledAndStartedAgain() throws Exception {
    try (RedisProcess redis = RedisProcess.start(RedisProcess.Options::appendOnly)) {
      surviving(
          redis.uri(),
          redis::command,
          () -> {
            for (int i = 0; i < 5; i++) {
              redis.kill();
              awaitUnavailable();
              redis.restart();
              awaitService("started again");
            }
          });
    }
  }

  @Test
  void survivesAnEngineThatStandsStillForLongerThanTheBudget() throws Exception {
    try (RedisProcess redis = RedisProcess.start(RedisProcess.Options::appendOnly)) {
      surviving(
          redis.uri(),
          redis::command,
          () -> {
            for (int i = 0; i < 3; i++) {
              redis.pause();
              awaitUnavailable();
              awaitUnavailable();
              redis.resume();
              awaitService("resumed");
            }
          });
    }
  }

  @Test
  void survivesANetworkThatStallsAndBreaks() throws Exception {
    try (RedisProcess redis = RedisProcess.start(RedisProcess.Options::appendOnly);
        TcpRelay relay = TcpRelay.to(redis.port())) {
      surviving(
          uri(relay),
          redis::command,
          () -> {
            for (int i = 0; i < 2; i++) {
              relay.stall();
              awaitUnavailable();
              relay.resume();
              awaitService("flowing both ways again");
              // Everything is executed, and nobody is told.
              relay.stall(Direction.TO_CLIENT);
              awaitUnavailable();
              relay.resume();
              awaitService("flowing back again");
              relay.cut();
              awaitUnavailable();
              relay.restore();
              awaitService("mended");
            }
          });
    }
  }

  @Test
  void connectsAnewWhereTheOtherEndIsGoneWithoutAWord() throws Exception {
    try (RedisProcess redis = RedisProcess.start(RedisProcess.Options::appendOnly);
        TcpRelay gone = TcpRelay.to(redis.port())) {
      var port = new AtomicInteger(gone.port());
      try (TcpRelay relay = TcpRelay.to(port::get)) {
        surviving(
            uri(relay),
            redis::command,
            () -> {
              gone.stall();
              port.set(redis.port());
              awaitUnavailable();
              awaitService("given up for gone");
            });
      }
    }
  }

  @Test
  void followsTheSentinelsToAnotherPrimary() throws Exception {
    try (RedisSentinels redis = RedisSentinels.start()) {
      surviving(
          redis.uri(),
          command -> redis.primary().command(command),
          () -> {
            outage.failsOver();
            redis.failOver();
            awaitService("failed over");
          });
    }
  }

  @Test
  void followsTheSentinelsAwayFromAPrimaryThatStandsStill() throws Exception {
    try (RedisSentinels redis = RedisSentinels.start()) {
      surviving(
          redis.uri(),
          command -> redis.primary().command(command),
          () -> {
            RedisProcess old = redis.primary();
            outage.failsOver();
            old.pause();
            awaitUnavailable();
            awaitService("failed over");
            old.resume();
            awaitService("the old primary back");
          });
    }
  }

  private static String uri(TcpRelay relay) {
    return "redis://127.0.0.1:" + relay.port();
  }

  private void surviving(String uri, Function<String[], String> engine, Runnable failures)
      throws Exception {
    try (RunningNode node = RunningNode.on(uri, scratch)) {
      List<OutageCaller> callers =
          IntStream.range(0, CALLERS).mapToObj(i -> new OutageCaller(outage, node, i)).toList();
      ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
      try {
        callers.forEach(threads::execute);
        awaitServed(10 * CALLERS);
        failures.run();
        outage.over();
        awaitServed(20 * CALLERS);
      } finally {
        outage.stop();
        threads.shutdown();
        assertThat(threads.awaitTermination(60, SECONDS)).isTrue();
      }
      System.out.printf(
          "%d requests served, %d told that the engine is away%n",
          outage.served(), outage.unavailable());
      callers.forEach(it -> it.judge(engine.apply(new String[] {"GET", it.counter()})));
      assertThat(outage.wrong()).isEmpty();
    }
  }

  /** Every caller has been told at least once. */
  private void awaitUnavailable() {
    long goal = outage.unavailable() + CALLERS;
    await("callers are told that the engine is away")
        .until(() -> outage.unavailable() >= goal || outage.stopped());
  }

  private void awaitService(String since) {
    long start = System.nanoTime();
    // Some that were under way may still have been answered.
    awaitServed(4 * CALLERS);
    System.out.printf(
        "%s: served again after %d ms%n",
        since, Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  private void awaitServed(long more) {
    long goal = outage.served() + more;
    await("callers are served").until(() -> outage.served() >= goal || outage.stopped());
  }
}

package dev.larder.server.fuzz;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RunningNode;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Whatever an engine answers, and if it answers nothing: each caller gets what is its own or is
 * told that it gets nothing, and the node serves on as if nothing had been.
 */
final class FuzzReplies {
  private static final int CALLERS = 16;
  private static final int ROUND = 20;
  private static final Duration BUDGET = Duration.ofMillis(500);
  private static final String FORGED = "caller-999/plain/1=forged";

  private final Path scratch;
  private final long seed;
  private final ConcurrentHashMap<Integer, Integer> seen = new ConcurrentHashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  FuzzReplies(Path scratch, long seed) {
    this.scratch = scratch;
    this.seed = seed;
  }

  /** Does so for at least that long. */
  void last(Duration time) throws Exception {
    try (RedisProcess redis = RedisProcess.start();
        StrangeEngine engine = new StrangeEngine(redis.port(), seed);
        RunningNode node = node(engine)) {
      ask(node, engine, time);
      System.out.println("FuzzReplies saw " + seen);
      assertThat(wrong).isEmpty();
      assertThat(seen.getOrDefault(200, 0)).isGreaterThan(CALLERS);
      assertThat(seen).containsKeys(400, 503);
      engine.behave();
      awaitService(node);
      assertThat(node.get("/health/ready").status()).isEqualTo(200);
      await("nobody is left")
          .untilAsserted(
              () ->
                  assertThat(node.get("/metrics").body())
                      .containsPattern("(?m)^larder_connections 1\\.0$")
                      .containsPattern("(?m)^larder_engine_connections 1\\.0$"));
      assertThat(node.living("dev.larder.server.http.Call")).isLessThan(10);
      assertThat(node.living("dev.larder.server.rest.RestCommand")).isLessThan(10);
      for (int i = 0; i < 200; i++) {
        node.command("PING");
      }
      assertThat(node.err()).noneMatch(line -> line.contains("LEAK"));
    }
  }

  private RunningNode node(StrangeEngine engine) throws IOException {
    Path config = scratch.resolve("larder.yaml");
    Files.writeString(config, "budget: %dms\n".formatted(BUDGET.toMillis()));
    return RunningNode.on(
        engine.uri(),
        scratch,
        List.of("-Xmx256m", "-Dio.netty.leakDetection.level=advanced"),
        "--config",
        config.toString());
  }

  private static void awaitService(RunningNode node) {
    await("the node serves on")
        .until(() -> node.command("GET", "a").body().equals("{\"result\":\"a=value\"}"));
  }

  private void ask(RunningNode node, StrangeEngine engine, Duration time) throws Exception {
    long end = System.nanoTime() + time.toNanos();
    var random = new Random(seed);
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    List<StrangeCaller> callers = new ArrayList<>();
    try {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(new StrangeCaller(node, i, seed, BUDGET.multipliedBy(10), seen, wrong));
      }
      while (wrong.isEmpty() && System.nanoTime() < end) {
        List<Callable<Boolean>> round = new ArrayList<>();
        for (StrangeCaller caller : callers) {
          round.add(
              () -> {
                for (int i = 0; i < ROUND && wrong.isEmpty(); i++) {
                  caller.ask();
                }
                return true;
              });
        }
        for (Future<Boolean> each : threads.invokeAll(round, 120, SECONDS)) {
          each.get();
        }
        // Its reply is behind all others: now whatever comes is nobody's.
        awaitService(node);
        engine.push(
            random.nextBoolean() ? "+OK\r\n" : "$" + FORGED.length() + "\r\n" + FORGED + "\r\n");
        await("the node hangs up on an engine that says what nobody asked for")
            .until(() -> engine.connectionsPushedTo() == 0);
        awaitService(node);
      }
    } finally {
      callers.forEach(StrangeCaller::close);
      threads.shutdownNow();
    }
  }
}

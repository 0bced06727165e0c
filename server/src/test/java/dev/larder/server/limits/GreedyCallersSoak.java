package dev.larder.server.limits;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RawHttp;
import dev.larder.server.RunningNode;
import dev.larder.testkit.RedisProcess;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with a small heap survives callers who want all of it, and answers a modest one meanwhile:
 * served, or told that there is no room.
 */
class GreedyCallersSoak {
  private static final int CALLERS = 64;
  private static final long SECONDS_LONG = Long.getLong("larder.greedy.seconds", 60);
  private static final int VALUE = 5_000_000;
  private static final List<Integer> HONEST = List.of(200, 400, 408, 413, 503);

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final Map<Integer, Integer> seen = new ConcurrentHashMap<>();
  private final Map<String, Integer> told = new ConcurrentHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);

  @Test
  void aSmallHeapSurvivesGreedyCallersAndAnswersOthers(@TempDir Path scratch) throws Exception {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"), "budget: 10s\ntimeouts: {write: 5s, request: 5s}\n");
    try (RedisProcess redis =
            RedisProcess.start(it -> it.config("client-output-buffer-limit normal 256mb 0 0"));
        RunningNode node =
            RunningNode.on(
                redis.uri(), scratch, List.of("-Xmx128m"), "--config", config.toString())) {
      String script = "return redis.call('SET', KEYS[1], ('x'):rep(ARGV[1]))";
      redis.command("EVAL", script, "1", "large", Integer.toString(VALUE));
      ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
      int modest = 0;
      long slowest = 0;
      try {
        for (int i = 0; i < CALLERS; i++) {
          int number = i;
          threads.execute(() -> beGreedy(node, number));
        }
        long end = System.nanoTime() + SECONDS.toNanos(SECONDS_LONG);
        while (System.nanoTime() < end && wrong.isEmpty()) {
          long began = System.nanoTime();
          try (RawHttp connection = node.connect()) {
            RawHttp.Response answer = connection.post("/ping", node.token(), "").read();
            assertThat(answer.status()).isIn(200, 503);
            modest += answer.status() == 200 ? 1 : 0;
            told(answer);
          }
          slowest = Math.max(slowest, System.nanoTime() - began);
          LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
      } finally {
        over.countDown();
        threads.shutdown();
        assertThat(threads.awaitTermination(100, SECONDS)).isTrue();
        System.out.printf(
            "Greedy callers saw %s; a modest one was served %d times, in at most %d ms; told were %s%n",
            new TreeMap<>(seen), modest, slowest / 1_000_000, new TreeMap<>(told));
      }
      assertThat(wrong).isEmpty();
      assertThat(modest).isGreaterThan(5);
      assertThat(seen).containsKeys(200, 413);
      await("the node serves on")
          .until(() -> node.command("SET", "a", "b").body().equals("{\"result\":\"OK\"}"));
      await("nothing is held any more")
          .untilAsserted(
              () ->
                  assertThat(node.get("/metrics").body())
                      .containsPattern("(?m)^larder_answer_bytes 0\\.0$")
                      .containsPattern("(?m)^larder_request_bytes 0\\.0$"));
      assertThat(redis.command("INFO", "server")).contains("uptime_in_seconds");
      assertThat(node.err())
          .noneMatch(line -> line.contains("OutOfMemoryError") || line.contains("OutOfDirect"));
    }
  }

  private void beGreedy(RunningNode node, int number) {
    var random = new Random(number);
    while (over.getCount() > 0 && wrong.isEmpty()) {
      try (RawHttp connection = node.connect()) {
        switch (random.nextInt(5)) {
          case 0 -> {
            int gets = 1 + random.nextInt(10_000);
            String body = "[[\"GET\",\"large\"]" + ",[\"GET\",\"large\"]".repeat(gets - 1) + "]";
            judge(connection.post("/pipeline", node.token(), body).read());
          }
          case 1 ->
              judge(connection.post("/set/mine", node.token(), "y".repeat(10_000_000)).read());
          case 2 ->
              judge(
                  connection
                      .post("/", node.token(), "[\"DEL\"" + ",1".repeat(4_500_000) + "]")
                      .read());
          case 3 -> {
            // Asks, and reads nothing for a while.
            for (int i = 0; i < 4; i++) {
              connection.post("/get/large", node.token(), "");
            }
            LockSupport.parkNanos(Duration.ofMillis(500 + random.nextInt(1_000)).toNanos());
          }
          default -> judge(connection.post("/get/large", node.token(), "").read());
        }
      } catch (UncheckedIOException cutOff) {
        seen.merge(0, 1, Integer::sum);
      }
    }
  }

  private void told(RawHttp.Response answer) {
    if (answer.status() != 200) {
      told.merge(answer.status() + " " + answer.body().replaceAll("\\d+", "N"), 1, Integer::sum);
    }
  }

  private void judge(RawHttp.Response answer) {
    seen.merge(answer.status(), 1, Integer::sum);
    told(answer);
    if (!HONEST.contains(answer.status())) {
      wrong.add("answered " + answer.status() + ' ' + answer.body());
    }
  }
}

package dev.larder.server.fuzz;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.server.RunningNode;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is sent to it, the node answers in JSON, loses no buffer, and serves on. */
class FuzzSoak {
  /** The longest body in bytes. */
  static final int LIMIT = 200_000;

  private static final int REQUESTS = Integer.getInteger("larder.fuzz.requests", 100_000);
  private static final long SEED = Long.getLong("larder.fuzz.seed", 42);
  private static final int CALLERS = 8;

  @TempDir Path scratch;
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  @Test
  void answersWhateverIsSentToItAndServesOn() throws Exception {
    // Small strings, so that no answer is larger than what a caller here would wait for.
    try (RedisProcess redis =
            RedisProcess.start(
                it -> it.config("proto-max-bulk-len 1mb").config("maxmemory 256mb"));
        RunningNode node = node(redis)) {
      Map<String, Integer> seen = fuzz(node);
      System.out.println("FuzzSoak saw " + seen);
      assertThat(wrong).isEmpty();
      assertThat(seen.values().stream().mapToInt(Integer::intValue).sum())
          .isGreaterThanOrEqualTo(REQUESTS * 9 / 10);
      for (String command : FuzzCommands.FORBIDDEN) {
        assertThat(node.command(command.split(" ")).status()).as(command).isEqualTo(400);
      }
      assertThat(node.command("SET", "after", "all").body()).isEqualTo("{\"result\":\"OK\"}");
      assertThat(node.command("GET", "after").body()).isEqualTo("{\"result\":\"all\"}");
      assertThat(node.get("/health/ready").status()).isEqualTo(200);
      assertLostNoBuffer(node);
    }
  }

  private RunningNode node(RedisProcess redis) throws IOException {
    Path config = scratch.resolve("larder.yaml");
    // A slow machine must not look like a slow engine.
    Files.writeString(config, "budget: 30s\nlimits: {request-bytes: %d}\n".formatted(LIMIT));
    return RunningNode.on(
        redis.uri(),
        scratch,
        List.of(
            "-Xmx256m",
            "-Dio.netty.leakDetection.level=paranoid",
            "-Dio.netty.leakDetection.targetRecords=16"),
        "--config",
        config.toString());
  }

  private Map<String, Integer> fuzz(RunningNode node) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CALLERS);
    try {
      List<FuzzCaller> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        var requests = new FuzzRequests(SEED + i, node.token());
        int port = node.url().getPort();
        callers.add(new FuzzCaller(port, node.token(), requests, REQUESTS / CALLERS, wrong));
      }
      var seen = new TreeMap<String, Integer>();
      for (Future<Map<String, Integer>> caller : threads.invokeAll(callers, 30, MINUTES)) {
        caller.get().forEach((what, times) -> seen.merge(what, times, Integer::sum));
      }
      return seen;
    } finally {
      threads.shutdownNow();
    }
  }

  private static void assertLostNoBuffer(RunningNode node) throws Exception {
    // Counting what lives collects the garbage, and Netty tells of a lost buffer when it hands out
    // further ones behind that.
    assertThat(node.living("io.netty.util.ResourceLeakDetector$DefaultResourceLeak"))
        .as("leak detection is on")
        .isPositive();
    for (int i = 0; i < 200; i++) {
      node.command("PING");
    }
    assertThat(node.err()).noneMatch(line -> line.contains("LEAK"));
  }
}

package dev.larder.server.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.embedded.EngineBinary;
import dev.larder.server.RunningNode;
import dev.larder.server.RunningNode.Answer;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scripts that never end, and engines that do not answer: who ends them, and what is told. */
class EndlessScriptsIT {
  private static final String ENDLESS = "while true do end";

  @TempDir private Path scratch;

  private static CompletableFuture<Answer> later(RunningNode node, String... words) {
    return CompletableFuture.supplyAsync(() -> node.command(words));
  }

  private static void isReady(RunningNode node) {
    await().untilAsserted(() -> assertThat(node.get("/health/ready").status()).isEqualTo(200));
  }

  private static void isNotReady(RunningNode node, String why) {
    await()
        .untilAsserted(
            () ->
                assertThat(node.get("/health/ready"))
                    .satisfies(it -> assertThat(it.status()).isEqualTo(503))
                    .satisfies(it -> assertThat(it.body()).contains("\"status\":\"" + why)));
  }

  private RunningNode serve(String... configuration) throws IOException {
    Path file = Files.writeString(scratch.resolve("larder.yaml"), String.join("\n", configuration));
    return RunningNode.start(
        scratch, "serve", "--port", "0", "--data", scratch.toString(), "--config", file.toString());
  }

  @Test
  void theNodesOwnEngineIsFreedOfThem() throws IOException {
    // Ample, so that the answer is the engine's and not that of the budget.
    try (RunningNode node = serve("budget: 60s")) {
      var script = later(node, "EVAL", ENDLESS, "0");
      await().until(() -> script.isDone() || node.command("GET", "k").status() == 503);
      Answer answer = script.join();
      assertThat(answer.status()).as(answer.body()).isEqualTo(503);
      assertThat(answer.body())
          .startsWith("{\"error\":\"BUSY the script ran for too long and was ended;");
      assertThat(node.command("SET", "k", "v").status()).isEqualTo(200);
      isReady(node);
      assertThat(node.get("/metrics").body()).contains("larder_scripts_ended_total 1.0");
      assertThat(node.err()).anyMatch(line -> line.contains("ended a script on"));
      Answer pipeline =
          node.post("/pipeline", "[[\"EVAL\",\"" + ENDLESS + "\",0],[\"GET\",\"k\"]]");
      assertThat(pipeline.body())
          .startsWith("[{\"error\":\"BUSY the script ran for too long")
          .endsWith(",{\"result\":\"v\"}]");
    }
  }

  @Test
  void functionsToo() throws IOException {
    try (RunningNode node = serve("budget: 60s")) {
      Answer loaded =
          node.command(
              "FUNCTION",
              "LOAD",
              "#!lua name=l\\nredis.register_function('f', function() while true do end end)");
      assumeTrue(loaded.status() == 200, "the engine has no functions: " + loaded.body());
      assertThat(node.command("FCALL", "f", "0").body())
          .startsWith("{\"error\":\"BUSY the script ran for too long and was ended;");
      assertThat(node.command("SET", "k", "v").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void aGivenEngineIsFreedOfThemWhereThatIsConfigured(EngineBinary binary) throws IOException {
    try (RedisProcess engine = RedisProcess.start(it -> it.binary(binary))) {
      engine.command("CONFIG", "SET", "lua-time-limit", "200");
      try (RunningNode node =
          serve("redis: " + engine.uri(), "budget: 60s", "script-time: 300ms")) {
        Answer answer = node.command("EVAL", ENDLESS, "0");
        assertThat(answer.body()).startsWith("{\"error\":\"BUSY the script ran for too long");
        assertThat(node.command("SET", "k", "v").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aGivenEngineIsLeftAloneWhereItIsNot() throws IOException {
    try (RedisProcess engine = RedisProcess.start()) {
      engine.command("CONFIG", "SET", "lua-time-limit", "100");
      try (RunningNode node = serve("redis: " + engine.uri(), "budget: 60s")) {
        var script = later(node, "EVAL", ENDLESS, "0");
        isNotReady(node, "engine BUSY");
        engine.command("SCRIPT", "KILL");
        assertThat(script.join().body()).contains("was ended");
        assertThat(node.get("/metrics").body()).contains("larder_scripts_ended_total 0.0");
        isReady(node);
      }
    }
  }

  @Test
  void oneThatHasWrittenKeepsTheEngineBusyAndTheNodeSaysSo() throws IOException {
    try (RedisProcess engine = RedisProcess.start()) {
      engine.command("CONFIG", "SET", "lua-time-limit", "100");
      try (RunningNode node = serve("redis: " + engine.uri(), "script-time: 200ms")) {
        Answer answer = node.command("EVAL", "redis.call('SET', 'k', 'v') " + ENDLESS, "0");
        assertThat(answer.status()).isEqualTo(503);
        isNotReady(node, "engine BUSY");
        await()
            .untilAsserted(
                () ->
                    assertThat(node.err())
                        .anyMatch(line -> line.contains("cannot be ended, since it has written")));
        engine.kill();
        engine.restart();
        isReady(node);
      }
    }
  }

  @Test
  void anEngineThatStandsStillMakesTheNodeNotReady() {
    try (RedisProcess engine = RedisProcess.start();
        RunningNode node = RunningNode.on(engine.uri(), scratch)) {
      isReady(node);
      engine.pause();
      isNotReady(node, "engine does not answer");
      engine.resume();
      isReady(node);
    }
  }
}

package dev.larder.server;

import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.net.PortReservation;
import dev.larder.server.RunningNode.Answer;
import dev.larder.server.RunningNode.Ended;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged node from its start to its end, by signals and by kills. */
@Order(4)
@Execution(ExecutionMode.CONCURRENT)
class NodeIT {
  @TempDir Path scratch;
  private String data = "";

  @BeforeEach
  void chooseDirectory() {
    data = scratch.resolve("data").toString();
  }

  private RunningNode start(String... more) {
    return startOn(0, more);
  }

  private RunningNode startOn(int port, String... more) {
    var arguments = new ArrayList<>(List.of("serve", "--data", data, "--port", "" + port));
    arguments.addAll(List.of(more));
    return RunningNode.start(scratch, arguments.toArray(String[]::new));
  }

  @Test
  void servesWithOneCommandAndStillHasTheValueTheNextTime() throws IOException {
    try (PortReservation port = PortReservation.any()) {
      servesTwiceOn(port.port());
    }
  }

  private void servesTwiceOn(int port) {
    String token;
    List<ProcessHandle> children;
    try (RunningNode node = startOn(port)) {
      token = node.token();
      assertThat(node.out())
          .containsExactly(
              "UPSTASH_REDIS_REST_URL=http://127.0.0.1:" + port,
              "UPSTASH_REDIS_REST_TOKEN=" + token,
              "larder is ready");
      assertThat(node.get("/set/greeting/hello")).isEqualTo(new Answer(200, "{\"result\":\"OK\"}"));
      assertThat(node.get("/get/greeting")).isEqualTo(new Answer(200, "{\"result\":\"hello\"}"));
      children = node.children();
      node.terminate();
      assertThat(node.exit()).isIn(0, 143);
    }
    // The engine is gone before the node is; the guard behind it may take a moment longer.
    await()
        .untilAsserted(() -> assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive));
    try (RunningNode again = startOn(port)) {
      assertThat(again.token()).isEqualTo(token);
      assertThat(again.get("/get/greeting").body()).isEqualTo("{\"result\":\"hello\"}");
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "serve --prot 1               | Unknown option.*--prot.* \\(see 'larder --help'\\)",
        "serve --port x               | .*--port.*'x'.*",
        "serve --port 70000           | the port must be from 0 to 65535, was 70000",
        "serve --port                 | .*--port.*",
        "serve more                   | .*'more'.*",
        "--nonsense                   | .*--nonsense.*",
        "nonsense                     | .*nonsense.*",
        "''                           | say what to do: larder serve .*",
        "serve --token=               | --token is given but empty: give the token, or leave it out .*",
        "serve --redis=               | --redis is given but empty: name the engine, such as redis://.*",
        "serve --port=                | .*--port.*",
        "serve --token short          | token 'default' must have at least 8 characters, had 5",
        "serve --data FILE            | the data directory .* is not a directory",
        "serve --data FILE/below      | cannot write to the data directory .*",
        "serve --token long-enough --data FILE/below | .*FILE/below.*",
        "serve --data DIR --redis redis://127.0.0.1:1 | cannot reach the engine at redis://127.0.0.1:1.*: .*",
        "serve --data DIR --redis http://127.0.0.1    | .*http://127.0.0.1.*",
        "serve --config DIR/none.yaml | cannot read the configuration .*none.yaml: no such file.*",
        "serve --config FILE          | .*FILE, line 2, key prot: no such key; known here are .*"
      })
  void saysInOneLineWhyItDoesNotStart(String arguments, String why) throws IOException {
    Path directory = Files.createDirectory(scratch.resolve("DIR"));
    Path file = Files.writeString(scratch.resolve("FILE"), "listen: 127.0.0.1\nprot: 1\n");
    String[] words =
        arguments.isEmpty()
            ? new String[0]
            : arguments
                .replace("FILE", file.toString())
                .replace("DIR", directory.toString())
                .split(" ", -1);
    Ended ended = RunningNode.run(scratch, words);
    assertThat(ended.err()).singleElement().asString().matches("larder: " + why);
    assertThat(ended.exit()).isIn(1, 2);
    assertThat(ended.out()).isEmpty();
  }

  @ParameterizedTest(name = "by {0}")
  @ValueSource(strings = {"flag", "file"})
  void printsNoTokenThatItWasGivenAndWarnsOfAShortOne(String way) throws IOException {
    String token = "a-given-one";
    String[] given =
        way.equals("flag")
            ? new String[] {"--token", token}
            : new String[] {
              "--config",
              Files.writeString(
                      scratch.resolve("larder.yaml"),
                      "tokens: [{name: default, token: " + token + "}]")
                  .toString()
            };
    try (RedisProcess redis = RedisProcess.start();
        RunningNode node = RunningNode.on(redis.uri(), scratch, given)) {
      assertThat(node.out())
          .containsExactly("UPSTASH_REDIS_REST_URL=" + node.url(), "larder is ready");
      assertThat(node.err())
          .contains(
              "larder: warning: token 'default' has only 11 characters: at least 32 random ones"
                  + " cannot be guessed");
      assertThat(String.join("\n", node.err())).doesNotContain(token);
      assertThat(node.send("GET", "/ping", token, "").status()).isEqualTo(200);
    }
  }

  @Test
  void saysInOneLineThatItsPortIsInUseAndLeavesNoEngine() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ended ended =
          RunningNode.run(scratch, "serve", "--data", data, "--port", "" + taken.getLocalPort());
      assertThat(ended.exit()).isEqualTo(1);
      assertThat(complaints(ended.err()))
          .singleElement()
          .asString()
          .contains("127.0.0.1:" + taken.getLocalPort(), "in use", "--port");
      assertThat(ended.out()).isEmpty();
    }
    // Nobody holds the data directory any more.
    start().close();
  }

  @Test
  void refusesASecondNodeOnTheSameDataAndNamesTheFirst() {
    try (RunningNode first = start()) {
      Ended second = RunningNode.run(scratch, "serve", "--data", data, "--port", "0");
      assertThat(second.exit()).isEqualTo(1);
      assertThat(second.err())
          .singleElement()
          .asString()
          .startsWith("larder: ")
          .contains(first.url().toString());
      assertThat(first.command("PING").body()).isEqualTo("{\"result\":\"PONG\"}");
    }
  }

  @Test
  void keepsAfterAKillWhatItAcknowledgedTwoSecondsBefore() {
    int promised;
    List<ProcessHandle> children;
    try (RunningNode node = start()) {
      promised = writeForThreeSeconds(node);
      children = node.children();
      node.kill();
    }
    assertThat(promised).isPositive();
    await().until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    try (RunningNode again = start()) {
      String kept = again.command("GET", "written").body().replaceAll("[^0-9]", "");
      assertThat(Integer.parseInt(kept)).isGreaterThanOrEqualTo(promised);
    }
  }

  /** Writes one number after the other; returns the last acknowledged two seconds ago. */
  private static int writeForThreeSeconds(RunningNode node) {
    long start = System.nanoTime();
    int promised = 0;
    try (RawHttp connection = node.connect()) {
      for (int number = 1; System.nanoTime() - start < ofSeconds(3).toNanos(); number++) {
        connection.post("/set/written/" + number, node.token(), "");
        assertThat(connection.read().status()).isEqualTo(200);
        if (System.nanoTime() - start < ofSeconds(1).toNanos()) {
          promised = number;
        }
      }
    }
    return promised;
  }

  @Test
  void servesAgainByItselfAfterItsEngineWasKilled() {
    try (RunningNode node = start()) {
      assertThat(node.command("SET", "k", "v").status()).isEqualTo(200);
      ProcessHandle engine = node.engine();
      engine.destroyForcibly();
      await().until(() -> !engine.isAlive());
      await()
          .untilAsserted(
              () -> {
                Answer answer = node.command("SET", "k", "w");
                assertThat(answer.body()).contains(answer.status() == 200 ? "OK" : "ERR ");
                assertThat(answer.status()).isEqualTo(200);
              });
      assertThat(node.command("GET", "k").body()).isEqualTo("{\"result\":\"w\"}");
      assertThat(node.get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void answersWhatIsInFlightWhenItIsToldToStop() throws Exception {
    Path config = Files.writeString(scratch.resolve("larder.yaml"), "budget: 60s\n");
    try (RunningNode node = start("--config", config.toString());
        RawHttp slow = node.connect()) {
      ProcessHandle engine = node.engine();
      signal("STOP", engine);
      // What is answered without the engine tells that the node has what follows it.
      slow.post("/health/live", node.token(), "").post("/incr/k", node.token(), "");
      slow.read();
      node.terminate();
      await()
          .untilAsserted(
              () ->
                  assertThatExceptionOfType(UncheckedIOException.class)
                      .isThrownBy(() -> node.connect().close())
                      .withCauseInstanceOf(ConnectException.class));
      assertThat(slow.silent()).as("the slow request waits").isTrue();
      signal("CONT", engine);
      RawHttp.Response answer = slow.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"result\":1}");
      assertThat(node.exit()).isIn(0, 143);
      assertThat(engine.isAlive()).isFalse();
    }
  }

  private static void signal(String name, ProcessHandle process) throws Exception {
    String kill = "kill -" + name + " " + process.pid();
    Process shell = new ProcessBuilder("/bin/sh", "-c", kill).inheritIO().start();
    assertThat(shell.waitFor(60, SECONDS)).isTrue();
    assertThat(shell.exitValue()).isZero();
  }

  @Test
  void tellsWhetherItLivesAndCanServe() {
    try (RedisProcess redis = RedisProcess.start();
        RunningNode node = start("--redis", redis.uri())) {
      assertThat(node.send("GET", "/health/live", "", "").status()).isEqualTo(200);
      Answer ready = node.send("GET", "/health/ready", "", "");
      assertThat(ready.status()).isEqualTo(200);
      assertThat(ready.body())
          .contains("\"status\":\"ready\"", "\"reachable\":true", redis.binary().version() + "");
      redis.kill();
      await().until(() -> node.send("GET", "/health/ready", "", "").status() == 503);
      assertThat(node.send("GET", "/health/ready", "", "").body())
          .contains("\"status\":\"engine unreachable\"", "\"reachable\":false");
      assertThat(node.send("GET", "/health/live", "", "").status()).isEqualTo(200);
      assertThat(node.command("GET", "k").status()).isEqualTo(503);
      redis.restart();
      await().until(() -> node.send("GET", "/health/ready", "", "").status() == 200);
    }
  }

  @Test
  void countsRequestsWithoutTellingSecrets() throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            access-log: true
            tokens:
              - {name: browser, token: secret-of-browser, access: read-only}
            """);
    try (RedisProcess redis = RedisProcess.start();
        RunningNode node =
            start(
                "--redis",
                redis.uri(),
                "--config",
                config.toString(),
                "--token",
                "secret-of-app")) {
      node.get("/set/a-key/a-value?_token=secret-of-app");
      node.command("GET", "a-key");
      node.command("MGET", "a-key", "no-key", "a-key");
      node.send("GET", "/get/no-key", "secret-of-browser", "");
      node.send("POST", "/set/a-key", "secret-of-browser", "a-value");
      node.send("GET", "/get/a-key", "wrong-secret", "");
      node.post("/pipeline", "[[\"SET\",\"a-key\",\"a-value\"],[\"HSET\",\"a-key\",\"f\",\"v\"]]");
      String metrics = node.send("GET", "/metrics", "", "").body();
      assertThat(metrics.lines())
          .contains(
              "larder_reads_total{result=\"hit\",token=\"default\"} 3.0",
              "larder_reads_total{result=\"miss\",token=\"default\"} 1.0",
              "larder_reads_total{result=\"miss\",token=\"browser\"} 1.0",
              "larder_errors_total{status=\"401\"} 1.0",
              "larder_errors_total{status=\"400\"} 1.0",
              "larder_engine_connections 1.0",
              "larder_requests_seconds_count{door=\"rest\",family=\"pipeline\"} 1");
      for (String quantile : List.of("0.5", "0.95", "0.99")) {
        assertThat(metrics)
            .contains(
                "larder_requests_seconds{door=\"rest\",family=\"string\",quantile=\""
                    + quantile
                    + "\"} ");
      }
      assertThat(node.err())
          .filteredOn(line -> line.contains("larder.access"))
          .hasSizeGreaterThan(6);
      assertThat(metrics + String.join("\n", node.err()))
          .doesNotContain("secret", "a-key", "no-key", "a-value");
    }
  }

  /** All but the warning that the engine at hand may call for. */
  private static List<String> complaints(List<String> err) {
    return err.stream().filter(line -> !line.startsWith("larder: warning: ")).toList();
  }
}

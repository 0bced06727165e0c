package dev.larder.server.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RawHttp;
import dev.larder.server.RawHttp.Response;
import dev.larder.server.RunningNode;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.topology.RedisCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How large an answer may be, and all of them together. */
@SuppressWarnings("NullAway.Init")
class AnswerLimitsIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  /** The system itself takes up to 36 MB for a caller. */
  private static final int ASKED = 8;

  private static final int LIMIT = 8_000_000;
  private static final String TOO_LARGE =
      "{\"error\":\"ERR the answer would exceed 8000000 bytes: ask for less at a time\"}";

  private static RunningNode node;

  @BeforeAll
  static void start(@TempDir Path scratch) throws IOException {
    // Ample, for callers that are read one behind the other.
    node = start(scratch, Duration.ofMinutes(5));
  }

  private static RunningNode start(Path scratch, Duration write) throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            budget: 60s
            timeouts: {write: %ds}
            limits: {answer-bytes: %d, waiting-answer-bytes: 40000000, waiting-bytes: 20000000}
            """
                .formatted(write.toSeconds(), LIMIT));
    return RunningNode.on(redis.uri(), scratch, "--config", config.toString());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @AfterEach
  void nothingIsHeldAfterwards() {
    await().untilAsserted(() -> assertThat(meter("larder_answer_bytes")).isZero());
    await().untilAsserted(() -> assertThat(meter("larder_request_bytes")).isZero());
  }

  private static long meter(String name) {
    return meter(node, name);
  }

  private static long meter(RunningNode node, String name) {
    return node.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + ' '))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
        .sum();
  }

  private static void store(String key, int bytes) {
    // Of letters: JSON would have six for each NUL.
    String script = "return redis.call('SET', KEYS[1], ('x'):rep(ARGV[1]))";
    redis.process().command("EVAL", script, "1", key, Integer.toString(bytes));
  }

  private static String connections() {
    return redis
        .process()
        .command("CLIENT", "LIST")
        .lines()
        .filter(line -> !line.contains("cmd=client"))
        .map(line -> line.replaceAll(" .*", ""))
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/           | [\"GET\",\"huge\"]",
        "/           | [\"GET\",\"large\"]",
        "/           | [\"LRANGE\",\"list\",\"0\",\"-1\"]",
        "/           | [\"EVAL\",\"return {1,{redis.call('GET','huge')}}\",\"1\",\"huge\"]",
        "/pipeline   | [[\"SET\",\"a\",\"1\"],[\"GET\",\"huge\"],[\"GET\",\"a\"]]",
        "/pipeline   | [[\"GET\",\"half\"],[\"GET\",\"half\"],[\"GET\",\"half\"]]",
        "/multi-exec | [[\"GET\",\"half\"],[\"GET\",\"half\"],[\"GET\",\"half\"]]",
        "/multi-exec | [[\"GET\",\"huge\"]]",
      })
  void anAnswerThatIsTooLargeIsRefusedAndTheEnginesConnectionIsUnharmed(String path, String body) {
    store("huge", 100_000_000);
    store("large", LIMIT);
    store("half", LIMIT / 2);
    redis
        .process()
        .command("EVAL", "for i=1,900 do redis.call('RPUSH','list',('y'):rep(10000)) end", "0");
    node.command("SET", "mine", "value");
    String before = connections();
    for (int i = 0; i < 3; i++) {
      RunningNode.Answer answer = node.post(path, body);
      assertThat(answer.body()).isEqualTo(TOO_LARGE);
      assertThat(answer.status()).isEqualTo(413);
      assertThat(node.command("GET", "mine").body()).isEqualTo("{\"result\":\"value\"}");
    }
    assertThat(connections()).isEqualTo(before);
  }

  @Test
  void anAnswerThatJustFitsIsGiven() {
    redis.process().command("SET", "fits", "x".repeat(LIMIT - "{'result':''}".length()));
    assertThat(node.command("GET", "fits").body()).hasSize(LIMIT);
    redis.process().command("APPEND", "fits", "x");
    assertThat(node.command("GET", "fits").body()).isEqualTo(TOO_LARGE);
  }

  @Test
  void thousandsOfLargeValuesInOneRequestEndNeitherNodeNorEngine() {
    store("half", LIMIT / 2);
    String gets =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "[\"GET\",\"half\"]")
            .collect(Collectors.joining(",", "[", "]"));
    redis.process().command("CONFIG", "RESETSTAT");
    assertThat(node.post("/pipeline", gets).body()).isEqualTo(TOO_LARGE);
    assertThat(node.command("PING").status()).isEqualTo(200);
    String stats = redis.process().command("INFO", "commandstats");
    long ran = Long.parseLong(stats.replaceAll("(?s).*cmdstat_get:calls=(\\d+),.*", "$1"));
    assertThat(ran).as("what was not sent yet is not sent any more").isLessThan(1_000);
  }

  @Test
  void answersThatNobodyTakesAreBoundedTogetherAndGivenBackWithTheirConnections() {
    store("most", LIMIT - 1_000);
    List<RawHttp> callers = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        callers.add(node.connect());
        for (int ask = 0; ask < ASKED; ask++) {
          callers.get(i).post("/get/most", node.token(), "");
        }
      }
      List<Response> answers = new ArrayList<>();
      await().until(() -> meter("larder_answer_bytes") > 25_000_000);
      for (RawHttp caller : callers) {
        for (int ask = 0; ask < ASKED; ask++) {
          answers.add(caller.read());
        }
      }
      assertThat(answers).extracting(Response::status).containsOnly(200, 503);
      assertThat(answers)
          .filteredOn(it -> it.status() == 503)
          .allSatisfy(
              it ->
                  assertThat(it.body())
                      .isEqualTo(
                          "{\"error\":\"ERR too many bytes of answers wait for their callers:"
                              + " try again\"}"));
    } finally {
      callers.forEach(RawHttp::close);
    }
    nothingIsHeldAfterwards();
    assertThat(node.get("/get/most").status()).isEqualTo(200);
  }

  @Test
  void whoDoesNotTakeAnAnswerInTimeLosesTheConnectionAndTheMemoryIsThereForOthers(
      @TempDir Path scratch) throws IOException {
    store("most", LIMIT - 1_000);
    try (RunningNode impatient = start(scratch, Duration.ofSeconds(3));
        RawHttp caller = impatient.connect()) {
      for (int ask = 0; ask < ASKED; ask++) {
        caller.post("/get/most", impatient.token(), "");
      }
      await().until(() -> meter(impatient, "larder_answer_bytes") > 7_000_000);
      await().until(() -> meter(impatient, "larder_answer_bytes") == 0);
      assertThatThrownBy(
              () -> {
                for (int ask = 0; ask < ASKED; ask++) {
                  assertThat(caller.read().body()).hasSizeGreaterThan(LIMIT - 2_000);
                }
              })
          .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
    }
  }

  @Test
  void oneCommandThatAsksForAGigabyteDoesNotTakeItOfTheNodesOwnEngine(@TempDir Path scratch) {
    try (RunningNode own =
        RunningNode.start(scratch, "serve", "--port", "0", "--data", scratch.toString())) {
      assertThat(own.command("SETRANGE", "large", "4999999", "x").status()).isEqualTo(200);
      RunningNode.Answer answer = own.post("/", "[\"MGET\"" + ",\"large\"".repeat(200) + "]");
      assertThat(answer.status()).isEqualTo(503);
      await().until(() -> own.command("STRLEN", "large").body().equals("{\"result\":5000000}"));
      String memory = own.command("INFO", "memory").body();
      long peak = Long.parseLong(memory.replaceAll("(?s).*used_memory_peak:(\\d+).*", "$1"));
      assertThat(peak).isLessThan(400_000_000);
    }
  }

  @Test
  void onAClusterWhatIsGatheredFromItsNodesCountsToo(@TempDir Path scratch) throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"), "budget: 60s\nlimits: {answer-bytes: 1000000}");
    try (RedisCluster cluster = RedisCluster.start();
        RunningNode clustered =
            RunningNode.on(cluster.uri(), scratch, "--config", config.toString())) {
      String value = "x".repeat(300_000);
      for (int i = 0; i < 10; i++) {
        assertThat(clustered.send("POST", "/set/k" + i, clustered.token(), value).status())
            .isEqualTo(200);
      }
      String keys = "k0\",\"k1\",\"k2\",\"k3\",\"k4\",\"k5";
      String gets = "[\"GET\",\"" + keys.replace(",", "],[\"GET\",") + "\"]";
      for (String[] asked :
          new String[][] {{"/", "[\"MGET\",\"" + keys + "\"]"}, {"/pipeline", "[" + gets + "]"}}) {
        RunningNode.Answer answer = clustered.post(asked[0], asked[1]);
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertThat(answer.body()).contains("the answer would exceed 1000000 bytes");
      }
      assertThat(clustered.get("/mget/k0/k1/k2").body()).hasSizeGreaterThan(900_000);
      await()
          .untilAsserted(
              () ->
                  assertThat(clustered.get("/metrics").body()).contains("larder_answer_bytes 0.0"));
    }
  }

  @Test
  void manyShortArgumentsAreCountedByWhatTheyTakeAndNotByTheirLength() {
    String ones = ",1".repeat(4_000_000);
    RunningNode.Answer answer = node.post("/", "[\"RPUSH\",\"ones\"" + ones + "]");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("may hold 20000000 at a time, nothing was executed");
    assertThat(redis.process().command("EXISTS", "ones")).isEqualTo("0");
  }
}

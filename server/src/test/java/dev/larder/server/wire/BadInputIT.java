package dev.larder.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.server.RawHttp;
import dev.larder.server.RawHttp.Response;
import dev.larder.server.RunningNode;
import dev.larder.testkit.RealRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever is wrong with a request, its caller reads why in JSON, nothing of it is executed, and
 * the node serves on.
 */
@SuppressWarnings("NullAway.Init")
class BadInputIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final String TOKEN = "the-token-of-the-test";
  private static final String READ_ONLY = "the-read-only-token";
  private static final String AUTH = "Authorization: Bearer " + TOKEN + "\r\n";
  private static final int LIMIT = 100_000;

  private static RunningNode node;
  private RawHttp connection;

  @BeforeAll
  static void start(@TempDir Path scratch) throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            limits: {request-bytes: %d, pipeline-commands: 3}
            budget: 30s
            tokens:
              - {name: browser, token: %s, access: read-only}
            """
                .formatted(LIMIT, READ_ONLY));
    node = RunningNode.on(redis.uri(), scratch, "--token", TOKEN, "--config", config.toString());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void connect() {
    connection = node.connect();
  }

  @AfterEach
  void executedNothingAndServesOn() {
    connection.close();
    assertThat(redis.process().command("DBSIZE")).isEqualTo("0");
    assertThat(node.command("PING").body()).isEqualTo("{\"result\":\"PONG\"}");
  }

  @ParameterizedTest(name = "{0} {1} {2}: {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "DELETE | /set/k/v | | 405 | ERR method DELETE is not allowed",
        "PATCH | / | [\"SET\",\"k\",\"v\"] | 405 | ERR method PATCH is not allowed",
        "OPTIONS | /set/k/v | | 405 | ERR method OPTIONS is not allowed",
        "TRACE | /set/k/v | | 405 | ERR method TRACE is not allowed",
        "BREW | /set/k/v | | 405 | ERR method BREW is not allowed",
        "GET | /pipeline | | 405 | ERR /pipeline takes POST",
        "GET | /multi-exec | | 405 | ERR /multi-exec takes POST",
        "GET | / | | 400 | ERR empty command",
        "POST | / | | 400 | ERR failed to parse the request: the JSON ends too early",
        "POST | / | x | 400 | ERR failed to parse the request: a command is a JSON array",
        "POST | / | {\"SET\":\"k\"} | 400 | ERR failed to parse the request",
        "POST | / | [\"SET\",\"k\",\"v\" | 400 | the JSON ends too early, after 14 bytes",
        "POST | / | [\"SET\",\"k\",\"v | 400 | the JSON ends too early, after 13 bytes",
        "POST | / | [\"SET\",\"k\",\"v\"]] | 400 | unexpected byte ']' at offset 15",
        "POST | / | [\"SET\",\"k\",\"v\",] | 400 | unexpected byte ']' at offset 15",
        "POST | / | [\"SET\",\"k\",01] | 400 | unexpected byte '1' at offset 12",
        "POST | / | [] | 400 | ERR empty command",
        "POST | / | [\"SET\",\"k\",[\"v\"]] | 400 | ERR nested arguments",
        "POST | / | [\"SET\",\"k\",{\"v\":1}] | 400 | ERR nested arguments",
        "POST | / | [\"SET\",\"k\",null] | 400 | ERR null is not an argument",
        "POST | / | [[\"SET\",\"k\",\"v\"]] | 400 | ERR nested arguments",
        "POST | /pipeline | [] | 400 | ERR empty pipeline",
        "POST | /pipeline | [\"SET\",\"k\",\"v\"] | 400 | a pipeline is a JSON array of commands",
        "POST | /pipeline | [[\"SET\",\"k\",\"v\"],[]] | 400 | ERR empty command",
        "POST | /pipeline | [[\"SET\",\"k\",\"v\"],[\"SET\",\"k\" | 400 | too early, after 27 bytes",
        "POST | /pipeline | [[\"SET\",\"k\",\"v\"],[\"SET\",\"k\",[1]]] | 400 | ERR nested arguments",
        "POST | /pipeline | [[\"SET\",\"k\",1],[\"SET\",\"k\",1],[\"SET\",\"k\",1],[\"SET\",\"k\",1]] | 400 | ERR pipeline too long. Limit: 3 commands, Actual: 4 commands",
        "POST | /multi-exec | [[\"SET\",\"k\",1],[\"SET\",\"k\",1],[\"SET\",\"k\",1],[\"SET\",\"k\",1]] | 400 | Limit: 3 commands, Actual: 4 commands",
        "POST | /multi-exec | [[\"SET\",\"k\",\"v\"],[\"NOSUCH\"]] | 400 | ERR unknown command",
        "POST | /multi-exec | [[\"SET\",\"k\",\"v\"],[\"GET\"]] | 400 | EXECABORT Transaction discarded because of: ERR wrong number of arguments",
        "POST | /multi-exec | [[\"SET\",\"k\",\"v\"],[\"BLPOP\",\"l\",0]] | 400 | ERR BLPOP is not available over REST",
        "POST | /multi-exec | [[\"SET\",\"k\",\"v\"],[\"EXEC\"]] | 400 | ERR EXEC is not available over REST",
        "POST | / | [\"NOSUCH\",\"k\"] | 400 | ERR unknown command",
        "POST | / | [\"\"] | 400 | ERR unknown command",
        "POST | / | [\"SET\",\"k\"] | 400 | ERR wrong number of arguments for 'set' command",
        "POST | / | [\"SET\",\"k\",\"v\",\"EX\",\"x\"] | 400 | ERR value is not an integer",
        "POST | / | [\"SET\\r\\nSET\",\"k\",\"v\"] | 400 | ERR unknown command",
        "POST | / | [\"SET\\u0000\",\"k\",\"v\"] | 400 | ERR unknown command 'SET', with args",
        "POST | /set/k%0d%0aSET%20a%20b | | 400 | ERR wrong number of arguments",
        "GET | /set%00/k/v | | 400 | ERR unknown command",
        "GET | /set/k/%zz | | 400 | ERR the path is not percent-encoded",
        "POST | /set/k/v?PX=%4 | | 400 | ERR the path is not percent-encoded",
        "GET | /select/1 | | 400 | ERR SELECT is not available over REST",
        "POST | / | [\"XREADGROUP\",\"GROUP\",\"streams\",\"c\",\"BLOCK\",0,\"STREAMS\",\"s\",\">\"] | 400 | ERR XREADGROUP with BLOCK",
        "GET | /subscribe/a/b | | 400 | ERR one channel for each request",
        "GET | /subscribe | | 400 | ERR SUBSCRIBE is not available as a command",
        "GET | /monitor/x | | 400 | ERR MONITOR is not available as a command",
        "GET | /health/other | | 404 | ERR nothing here"
      })
  void refusesWhatIsWrong(String method, String path, String body, int status, String why) {
    String sent = body == null ? "" : body;
    connection.write(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: a\r\n"
            + AUTH
            + "Content-Length: "
            + sent.length()
            + "\r\n\r\n"
            + sent);
    Response refusal = connection.read();
    assertError(refusal, status, why);
    boolean knewTheCaller = status != 404 && !why.startsWith("ERR method ");
    assertThat(refusal.headers().containsKey("upstash-sync-token")).isEqualTo(knewTheCaller);
    // The connection is none the worse for it.
    assertThat(connection.post("/ping", TOKEN, "").read().body())
        .isEqualTo("{\"result\":\"PONG\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Authorization: Bearer wrong\r\n",
        "Authorization: Bearer \r\n",
        "Authorization: Bearer " + TOKEN + "x\r\n",
        "Authorization: Basic " + TOKEN + "\r\n",
        "Authorization: " + TOKEN + "\r\n",
        "X-Authorization: Bearer " + TOKEN + "\r\n"
      })
  void letsNobodyInWithoutItsToken(String header) {
    for (String path : new String[] {"/", "/set/k/v", "/pipeline", "/multi-exec", "/monitor"}) {
      String body = "[\"SET\",\"k\",\"v\"]";
      connection.write(
          "POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Length: %d\r\n\r\n%s"
              .formatted(path, header, body.length(), body));
      assertError(connection.read(), 401, "");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"SET\",\"k\",\"v\"]",
        "[\"FLUSHALL\"]",
        "[\"KEYS\",\"*\"]",
        "[\"SCAN\",0]",
        "[\"EVAL\",\"return redis.call('SET','k','v')\",0]"
      })
  void letsAReadOnlyTokenChangeAndListNothing(String command) {
    assertError(connection.post("/", READ_ONLY, command).read(), 400, "NOPERM");
    assertError(
        connection.post("/multi-exec", READ_ONLY, "[" + command + "]").read(), 400, "NOPERM");
    Response pipeline = connection.post("/pipeline", READ_ONLY, "[" + command + "]").read();
    assertThat(pipeline.status()).isEqualTo(200);
    assertThat(pipeline.body()).startsWith("[{\"error\":\"NOPERM");
  }

  @Test
  void takesNulAndLineBreaksForBytesOfAnArgument() {
    connection.post("/", TOKEN, "[\"GET\",\"a\\r\\nSET k v\\r\\n\"]");
    assertThat(connection.read().body()).isEqualTo("{\"result\":null}");
    connection.post("/", TOKEN, "[\"ECHO\",\"a\\u0000\\r\\n*1\\r\\n$8\\r\\nFLUSHALL\\r\\n\"]");
    assertThat(connection.read().body())
        .isEqualTo("{\"result\":\"a\\u0000\\r\\n*1\\r\\n$8\\r\\nFLUSHALL\\r\\n\"}");
    connection.post("/echo/a%00%0d%0aSET%20k%20v", TOKEN, "");
    assertThat(connection.read().body()).isEqualTo("{\"result\":\"a\\u0000\\r\\nSET k v\"}");
  }

  @Test
  void takesABodyUpToTheLimitAndNoByteMore() {
    String command = "[\"STRLEN\",\"%s\"]";
    int room = LIMIT - command.length() + 2;
    connection.post("/", TOKEN, command.formatted("x".repeat(room)));
    assertThat(connection.read().body()).isEqualTo("{\"result\":0}");
    connection.post("/", TOKEN, command.formatted("x".repeat(room + 1)));
    assertTooLarge(connection, Integer.toString(LIMIT + 1));
    try (RawHttp another = node.connect()) {
      another.post("/set/k", TOKEN, "x".repeat(3 * LIMIT));
      assertTooLarge(another, Integer.toString(3 * LIMIT));
    }
  }

  @Test
  void takesChunksUpToTheLimitAndNoByteMore() {
    connection.write("POST /set/k HTTP/1.1\r\nHost: a\r\n" + AUTH);
    connection.write("Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 101; i++) {
      connection.write("3e8\r\n" + "x".repeat(1000) + "\r\n");
    }
    // It has not ended yet.
    assertTooLarge(connection, "more than " + LIMIT);
  }

  @Test
  void givesNoMemoryForABodyThatIsOnlyAnnounced() {
    connection.write("POST /set/k HTTP/1.1\r\nHost: a\r\n" + AUTH + "Content-Length: 9");
    connection.write("0".repeat(15) + "\r\n\r\nxyz");
    connection.close();
  }

  /** Whoever sends too much is answered, and not listened to any more. */
  private static void assertTooLarge(RawHttp caller, String actual) {
    Response response = caller.read();
    assertClosed(caller);
    assertThat(response.headers()).containsKey("upstash-sync-token");
    assertError(
        response,
        413,
        "ERR max request size exceeded. Limit: " + LIMIT + " bytes, Actual: " + actual + " bytes");
  }

  @Test
  void refusesARequestLineThatIsTooLong() {
    connection.write(
        "GET /set/k/" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: a\r\n" + AUTH + "\r\n");
    assertRefusedForGood(414, "ERR the request line is too long. Limit: 65536 bytes");
  }

  @Test
  void refusesHeadersThatAreTooLong() {
    connection.write("GET /set/k/v HTTP/1.1\r\nHost: a\r\n" + AUTH);
    connection.write("X-Padding: " + "x".repeat(70_000) + "\r\n\r\n");
    assertRefusedForGood(431, "ERR the headers are too long. Limit: 65536 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\r\n\r\n",
        "*1\r\n$8\r\nFLUSHALL\r\n\r\n",
        "GET /set/k/v\r\n\r\n",
        "GET /set/k/v JUNK\r\n\r\n",
        "GET /set/k/v HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "POST /set/k/v HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "POST /set/k/v HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /set/k HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"
      })
  void refusesWhatIsNotHttp(String garbage) {
    connection.write(garbage);
    assertRefusedForGood(400, "ERR not an HTTP request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/0.9", "HTTP/1.2", "HTTP/3.0", "JUNK/1.1"})
  void speaksNoOtherVersionOfHttp(String version) {
    connection.write("GET /set/k/v " + version + "\r\nHost: a\r\n" + AUTH + "\r\n");
    assertRefusedForGood(400, "ERR not an HTTP request");
  }

  private void assertRefusedForGood(int status, String why) {
    assertError(connection.read(), status, why);
    assertClosed(connection);
  }

  private static void assertClosed(RawHttp caller) {
    assertThatExceptionOfType(UncheckedIOException.class)
        .as("the connection is closed, for nobody knows where the next request would begin")
        .isThrownBy(caller::read)
        .withCauseInstanceOf(IOException.class);
  }

  @Test
  void executesNothingForACallerThatHangsUpInTheMiddle() {
    for (String sent : new String[] {"", "[", "[\"SET\",\"k\",\"v\"]"}) {
      try (RawHttp gone = node.connect()) {
        gone.write("POST / HTTP/1.1\r\nHost: a\r\n" + AUTH + "Content-Length: 100\r\n\r\n" + sent);
      }
      try (RawHttp gone = node.connect()) {
        gone.write("POST /set/k HTTP/1.1\r\nHost: a\r\n" + AUTH);
        gone.write("Transfer-Encoding: chunked\r\n\r\n5\r\nab" + sent);
      }
    }
  }

  private static void assertError(Response response, int status, String why) {
    assertThat(response.status()).as(response.toString()).isEqualTo(status);
    assertThat(response.headers()).containsEntry("content-type", "application/json");
    JsonNode body = JsonMapper.shared().readTree(response.body());
    assertThat(body.propertyNames()).containsExactly("error");
    assertThat(body.get("error").asString()).contains(why).doesNotContain(TOKEN, READ_ONLY);
  }
}

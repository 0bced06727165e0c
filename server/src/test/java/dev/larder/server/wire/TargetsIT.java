package dev.larder.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.server.RawHttp;
import dev.larder.server.RawHttp.Response;
import dev.larder.server.RunningNode;
import dev.larder.testkit.RealRedis;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms that a request's target may have (RFC 9112, section 3.2). */
@SuppressWarnings("NullAway.Init")
class TargetsIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final String TOKEN = "the-token-of-the-test-of-targets-0";
  private static final String AUTH = "Authorization: Bearer " + TOKEN + "\r\n";

  private static final String SMUGGLED =
      "GET /set/foo/smuggled HTTP/1.1\r\nHost: a\r\n" + AUTH + "\r\n";

  private static RunningNode node;

  @BeforeAll
  static void start(@TempDir Path scratch) {
    node = RunningNode.on(redis.uri(), scratch, "--token", TOKEN);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void store() {
    redis.process().command("SET", "foo", "bar");
  }

  @ParameterizedTest
  @CsvSource({
    "http://node.example/get/foo, bar",
    "http://node.example:1234/get/foo, bar",
    "http://[::1]:1234/get/foo, bar",
    "HTTP://node.example/get/foo, bar",
    "https://node.example/get/foo, bar",
    "http://node.example/get/foo?_token=ignored, bar",
    "http://node.example/echo/a%2Fb, a/b",
    "http://node.example/echo/http://x/y, ERR"
  })
  void takesTheAbsoluteFormForTheOriginForm(String target, String result) {
    try (RawHttp connection = node.connect()) {
      connection.write("GET " + target + " HTTP/1.1\r\nHost: other.example\r\n" + AUTH + "\r\n");
      assertThat(connection.read().body()).contains(result);
    }
  }

  @Test
  void findsTheTokenInItsQueryToo() {
    try (RawHttp connection = node.connect()) {
      connection.write("GET http://a/get/foo?_token=" + TOKEN + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(connection.read().body()).isEqualTo("{\"result\":\"bar\"}");
      connection.write("POST http://a?_token=" + TOKEN + " HTTP/1.1\r\nHost: a\r\n");
      connection.write("Content-Length: 13\r\n\r\n[\"GET\",\"foo\"]");
      assertThat(connection.read().body()).isEqualTo("{\"result\":\"bar\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "http://a", "HTTP://a"})
  void answersAQuestionForTheWholeServerAndServesOn(String target) {
    try (RawHttp connection = node.connect()) {
      connection.write("OPTIONS " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
      Response answer = connection.read();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.headers()).containsEntry("allow", "GET, HEAD, POST, PUT");
      assertThat(answer.body()).startsWith("{\"error\":\"ERR method OPTIONS is not allowed");
      assertThat(connection.post("/ping", TOKEN, "").read().body())
          .isEqualTo("{\"result\":\"PONG\"}");
    }
  }

  @Test
  void isNoProxyAndTakesNothingFromTheTunnelThatACallerHopedFor() {
    try (RawHttp connection = node.connect()) {
      connection.write(
          "CONNECT db.example:6379 HTTP/1.1\r\nHost: a\r\n" + AUTH + "\r\n" + SMUGGLED);
      Response answer = connection.read();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.body()).startsWith("{\"error\":\"ERR method CONNECT is not allowed");
      assertThat(connection.rest()).isEmpty();
    }
    assertThat(redis.process().command("GET", "foo")).isEqualTo("bar");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "get/foo",
        "set/foo/smuggled",
        "node.example:80",
        "http:/set/foo/smuggled",
        "http:///set/foo/smuggled",
        "http://:80/set/foo/smuggled",
        "http://user@node.example/set/foo/smuggled",
        "http://node.example:1:2/set/foo/smuggled",
        "http://node.example:x/set/foo/smuggled",
        "http://[::1/set/foo/smuggled",
        "ftp://node.example/set/foo/smuggled",
        "?set/foo/smuggled"
      })
  void refusesOtherTargets(String target) {
    try (RawHttp connection = node.connect()) {
      connection.write("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + AUTH + "\r\n" + SMUGGLED);
      Response answer = connection.read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).startsWith("{\"error\":\"ERR ");
      assertThat(connection.rest()).isEmpty();
    }
    assertThat(redis.process().command("GET", "foo")).isEqualTo("bar");
  }
}

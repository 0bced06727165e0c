package dev.larder.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RawHttp;
import dev.larder.server.RawHttp.Response;
import dev.larder.server.RunningNode;
import dev.larder.testkit.RealRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many connections there may be, and how long they may keep the node waiting. */
@SuppressWarnings("NullAway.Init")
class ConnectionsIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final int MOST = 5;

  private static RunningNode node;

  @BeforeAll
  static void start(@TempDir Path scratch) throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            limits: {connections: %d}
            timeouts: {idle: 2s, request: 1s}
            """
                .formatted(MOST));
    node = RunningNode.on(redis.uri(), scratch, "--config", config.toString());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void closesConnectionsBeyondTheLimitAndTakesOthersWhenThereIsRoomAgain() {
    List<RawHttp> open = new ArrayList<>();
    try {
      for (int i = 0; i < MOST; i++) {
        open.add(served());
      }
      try (RawHttp tooMany = node.connect()) {
        assertClosed(tooMany);
      }
      open.remove(0).close();
      served().close();
    } finally {
      open.forEach(RawHttp::close);
    }
  }

  @Test
  void closesAConnectionOnWhichNothingIsAsked() {
    try (RawHttp connection = served()) {
      assertClosed(connection);
    }
  }

  @Test
  void closesAConnectionOnWhichARequestNeverBegins() {
    try (RawHttp connection = served()) {
      connection.write("POST / HTTP/1.1\r\nHost: ");
      assertClosed(connection);
    }
  }

  @Test
  void answers408WhereABodyDoesNotArrive() {
    try (RawHttp connection = served()) {
      connection.write(
          "POST /set/k HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
              + node.token()
              + "\r\nContent-Length: 2\r\n\r\nv");
      Response answer = connection.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.body()).matches("\\{\"error\":\"ERR .*did not arrive within 1000 ms\"}");
      assertClosed(connection);
    }
    assertThat(redis.process().command("DBSIZE")).isEqualTo("0");
  }

  @Test
  void answersACallerWhoHasClosedItsSendingSideBehindItsRequests() {
    try (RawHttp connection = served()) {
      for (int i = 0; i < 20; i++) {
        connection.post("/echo/" + i, node.token(), "");
      }
      connection.finishSending();
      for (int i = 0; i < 20; i++) {
        assertThat(connection.read().body()).isEqualTo("{\"result\":\"" + i + "\"}");
      }
      assertThat(connection.rest()).isEmpty();
    }
  }

  @Test
  void answersItAlsoWhereTheEngineTakesItsTime() {
    try (RawHttp connection = served()) {
      redis.process().pause();
      try {
        connection.post("/get/late", node.token(), "").finishSending();
        connection.timeout(Duration.ofMillis(200));
        assertThatExceptionOfType(UncheckedIOException.class)
            .isThrownBy(connection::read)
            .withCauseInstanceOf(SocketTimeoutException.class);
      } finally {
        redis.process().resume();
      }
      assertThat(connection.timeout(Duration.ofSeconds(60)).read().body())
          .isEqualTo("{\"result\":null}");
      assertThat(connection.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "POST /set/k/v HT",
        "POST /set/k/v HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer TOKEN\r\n",
        "POST /set/k HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer TOKEN\r\nContent-Length: 2\r\n\r\nv"
      })
  void answersWhatCameWholeAndExecutesNothingOfWhatTheCallerLeftUnfinished(String begun) {
    try (RawHttp connection = served()) {
      connection
          .post("/ping", node.token(), "")
          .write(begun.replace("TOKEN", node.token()))
          .finishSending();
      assertThat(connection.read().body()).isEqualTo("{\"result\":\"PONG\"}");
      assertThat(connection.rest()).doesNotContain("200 OK");
    }
    assertThat(redis.process().command("DBSIZE")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noticesThatTheCallerOfAStreamIsGone(boolean onlyHalf) {
    try (RawHttp connection = served()) {
      connection.post("/subscribe/news", node.token(), "[]");
      assertThat(connection.read().status()).isEqualTo(200);
      await().until(() -> subscribers("news") == 1);
      if (onlyHalf) {
        connection.finishSending();
        await().until(() -> subscribers("news") == 0);
      }
    }
    await().until(() -> subscribers("news") == 0);
  }

  @Test
  void noticesThatTheCallerOfAStreamWasGoneBeforeItBegan() {
    try (RawHttp connection = served()) {
      connection.post("/subscribe/news", node.token(), "[]").finishSending();
      assertThat(connection.read().status()).isEqualTo(200);
      assertThat(connection.rest()).doesNotContain("message,");
      await().until(() -> subscribers("news") == 0);
    }
  }

  private static long subscribers(String channel) {
    return Long.parseLong(redis.process().command("PUBLISH", channel, "x"));
  }

  /** A connection that was served; one that was just closed may still count. */
  private static RawHttp served() {
    return await()
        .ignoreException(UncheckedIOException.class)
        .until(
            () -> {
              RawHttp connection = node.connect();
              try {
                connection.post("/ping", node.token(), "").read();
                return connection;
              } catch (UncheckedIOException e) {
                connection.close();
                throw e;
              }
            },
            it -> true);
  }

  private static void assertClosed(RawHttp connection) {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(connection::read)
        .satisfies(it -> assertThat(it.getCause()).isNotInstanceOf(SocketTimeoutException.class));
  }
}

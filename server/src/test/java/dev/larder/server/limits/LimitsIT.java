package dev.larder.server.limits;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RawHttp;
import dev.larder.server.RawHttp.Response;
import dev.larder.server.RunningNode;
import dev.larder.testkit.RealRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
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

/** What may wait for the engine, and how long. */
@SuppressWarnings("NullAway.Init")
class LimitsIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final Duration BUDGET = Duration.ofSeconds(2);
  private static final String VALUE = "x".repeat(1_000);

  private static RunningNode node;

  @BeforeAll
  static void start(@TempDir Path scratch) throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            budget: %dms
            limits: {waiting-bytes: 10000}
            """
                .formatted(BUDGET.toMillis()));
    node = RunningNode.on(redis.uri(), scratch, "--config", config.toString());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void doesNotCountAgainstTheEngineHowLongACallerTakesToSend() {
    try (RawHttp connection = node.connect().timeout(BUDGET.plusMillis(500))) {
      connection.write(
          "POST /set/k HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
              + node.token()
              + "\r\nContent-Length: 2\r\n\r\nv");
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(connection::read)
          .withCauseInstanceOf(SocketTimeoutException.class);
      connection.timeout(Duration.ofSeconds(60)).write("w");
      assertThat(connection.read().status()).isEqualTo(200);
    }
    assertThat(redis.process().command("GET", "k")).isEqualTo("vw");
  }

  @Test
  void takesMoreThanMayWaitAtATimeWhenItComesOneByOne() {
    try (RawHttp connection = node.connect()) {
      for (int i = 0; i < 50; i++) {
        assertThat(connection.post("/set/k", node.token(), VALUE).read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void refusesARequestThatIsLargerThanAllThatMayWait() {
    try (RawHttp connection = node.connect()) {
      Response answer = connection.post("/set/large", node.token(), VALUE.repeat(20)).read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body())
          .contains("may hold 10000 at a time, nothing was executed: try again, or send less");
    }
    assertThat(redis.process().command("EXISTS", "large")).isEqualTo("0");
  }

  @Test
  void refusesWhatTheEngineIsTooFarBehindToTakeAndServesOn() {
    List<RawHttp> connections = new ArrayList<>();
    try {
      redis.process().pause();
      for (int i = 0; i < 30; i++) {
        connections.add(node.connect().post("/set/k" + i, node.token(), VALUE));
      }
      List<Response> answers = connections.stream().map(RawHttp::read).toList();
      assertThat(answers).extracting(Response::status).containsOnly(503);
      assertThat(answers)
          .filteredOn(it -> it.body().contains("ERR the node holds"))
          .hasSizeBetween(20, 22)
          .allSatisfy(it -> assertThat(it.body()).contains("nothing was executed"));
      assertThat(answers)
          .filteredOn(it -> it.body().contains("did not answer within 2000 ms"))
          .hasSizeBetween(8, 10);
    } finally {
      redis.process().resume();
      connections.forEach(RawHttp::close);
    }
    // The engine answers in order: once this one is taken, nothing of what waited waits any more.
    await().until(() -> node.post("/set/back", VALUE).status() == 200);
    takesMoreThanMayWaitAtATimeWhenItComesOneByOne();
  }

  private static String exchange(Socket caller, String... sent) throws IOException {
    caller.setSoTimeout(60_000);
    for (String part : sent) {
      caller.getOutputStream().write(part.getBytes(ISO_8859_1));
    }
    return new String(caller.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static Socket caller() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), node.url().getPort());
  }

  private static String head(String... headers) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
        + node.token()
        + "\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  @Test
  void refusesABodyByItsAnnouncedLengthBeforeItIsSent() throws IOException {
    for (String expect : new String[] {"X-A: a", "Expect: 100-continue"}) {
      try (Socket caller = caller()) {
        assertThat(exchange(caller, head(expect, "Content-Length: 99999999")))
            .startsWith("HTTP/1.1 413 ")
            .contains("bytes, Actual: 99999999 bytes");
      }
    }
  }

  @Test
  void asksForTheBodyOfOneWhoWaitsForThatAndOfNobodyWhoMayNotComeIn() throws IOException {
    try (Socket caller = caller()) {
      caller.setSoTimeout(60_000);
      caller
          .getOutputStream()
          .write(head("Expect: 100-continue", "Content-Length: 5").getBytes(ISO_8859_1));
      byte[] asked = caller.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n".length());
      assertThat(new String(asked, ISO_8859_1)).isEqualTo("HTTP/1.1 100 Continue\r\n");
      caller.getOutputStream().write("hello".getBytes(ISO_8859_1));
      caller.shutdownOutput();
      assertThat(new String(caller.getInputStream().readAllBytes(), ISO_8859_1))
          .contains("{\"result\":\"hello\"}");
    }
    try (Socket caller = caller()) {
      String stranger =
          head("Expect: 100-continue", "Content-Length: 5").replace(node.token(), "unknown");
      // Had it sent the body after all, the next request would stand in its place.
      assertThat(exchange(caller, stranger, head("Content-Length: 0")))
          .startsWith("HTTP/1.1 401 ")
          .doesNotContain("HTTP/1.1 100")
          .doesNotContain("HTTP/1.1 200");
    }
  }
}

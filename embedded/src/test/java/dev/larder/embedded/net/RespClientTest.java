package dev.larder.embedded.net;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.embedded.EngineBinary;
import dev.larder.embedded.EngineProcess;
import dev.larder.embedded.EngineSettings;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RespClientTest {
  private static final String ALL_BYTES =
      IntStream.range(0, 256).mapToObj(it -> "" + (char) it).collect(joining());

  @TempDir static Path temp;
  private static EngineProcess engine;

  @BeforeAll
  static void start() {
    engine =
        EngineProcess.startOnFreePort(
            new EngineSettings(EngineBinary.newest(), temp, "secret", List.of()));
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  @Test
  void passesTextAsUtf8AndBytesAsTheyAre() throws IOException {
    try (var text = engine.connect(it -> {});
        var binary = engine.connect(RespClient.Options::binary)) {
      text.text("SET", "clé", "€");
      assertThat(text.text("GET", "clé")).isEqualTo("€");
      assertThat(binary.text("STRLEN", "cl\u00c3\u00a9")).isEqualTo("3");
      binary.text("SET", ALL_BYTES, ALL_BYTES);
      assertThat(binary.text("GET", ALL_BYTES)).isEqualTo(ALL_BYTES);
    }
  }

  @Test
  void keepsTheElementsOfArraysApart() throws IOException {
    String nested = "return {1, {'a\\nb', {}, {2}}, false, 'c'}";
    try (var client = engine.connect(it -> {})) {
      assertThat(client.list("EVAL", nested, "0")).containsExactly("1", "a\nb", "2", "c");
      assertThat(client.text("EVAL", nested, "0")).isEqualTo("1\na\nb\n2\n(nil)\nc");
      assertThat(client.list("GET", "missing")).isEmpty();
      assertThat(client.text("GET", "missing")).isEqualTo("(nil)");
      assertThat(client.list("KEYS", "missing*")).isEmpty();
    }
  }

  @Test
  void goesOnAfterAnErrorEvenOneInAnArray() throws IOException {
    try (var client = engine.connect(it -> {})) {
      client.text("SET", "a", "no number");
      client.text("MULTI");
      client.text("LPUSH", "a", "1");
      client.text("GET", "a");
      assertThatExceptionOfType(RespError.class)
          .isThrownBy(() -> client.text("EXEC"))
          .satisfies(it -> assertThat(it.code()).isEqualTo("WRONGTYPE"));
      assertThat(client.text("GET", "a")).isEqualTo("no number");
    }
  }

  @Test
  void authenticatesAsTheDefaultUserOrAnother() throws IOException {
    try (var client = engine.connect(it -> {})) {
      client.text("ACL", "SETUSER", "ann", "on", ">hers", "+acl");
    }
    try (var client = RespClient.connect(engine.port(), it -> it.user("ann").password("hers"))) {
      assertThat(client.text("ACL", "WHOAMI")).isEqualTo("ann");
    }
    assertThatExceptionOfType(RespError.class)
        .isThrownBy(() -> RespClient.connect(engine.port(), it -> it.password("wrong")))
        .satisfies(it -> assertThat(it.code()).isEqualTo("WRONGPASS"));
  }

  @Test
  void waitsNoLongerThanToldForOneThatSaysNothingOrReadsNothing() throws IOException {
    try (var silent = listen();
        var client = impatient(silent)) {
      assertTimesOut(client, "PING");
    }
    try (var deaf = listen();
        var client = impatient(deaf)) {
      assertTimesOut(client, "SET", "a", "x".repeat(64 << 20));
    }
  }

  @Test
  void waitsNoLongerThanToldForOneThatNeverEndsItsReply() throws Exception {
    try (var slow = listen();
        var client = impatient(slow)) {
      var writer = new Thread(() -> trickle(slow));
      writer.start();
      assertTimesOut(client, "PING");
      writer.join(Duration.ofSeconds(30).toMillis());
      assertThat(writer.isAlive()).isFalse();
    }
  }

  private static ServerSocket listen() throws IOException {
    var socket = new ServerSocket();
    socket.bind(Loopback.address(0));
    return socket;
  }

  private static RespClient impatient(ServerSocket server) throws IOException {
    return RespClient.connect(server.getLocalPort(), it -> it.timeout(Duration.ofMillis(200)));
  }

  private static void assertTimesOut(RespClient client, String... command) {
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> client.text(command))
        .withMessage("no answer within PT0.2S");
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.text("PING"));
  }

  /** A byte now and then, until the other end has closed the connection. */
  private static void trickle(ServerSocket server) {
    try (Socket socket = server.accept()) {
      var never = new CountDownLatch(1);
      while (!never.await(10, TimeUnit.MILLISECONDS)) {
        socket.getOutputStream().write("+".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      // Which it has.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

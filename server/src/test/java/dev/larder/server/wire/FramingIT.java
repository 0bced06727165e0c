package dev.larder.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.server.RunningNode;
import dev.larder.server.http.framing.RequestTable;
import dev.larder.testkit.RealRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What could be read as two requests is none, and nothing behind it is run. */
@SuppressWarnings("NullAway.Init")
class FramingIT {
  private static final String TOKEN = "the-token-of-the-framing-test-0123456789";
  private static final AtomicInteger COUNT = new AtomicInteger();

  @RegisterExtension static final RealRedis redis = RealRedis.newest();
  private static RunningNode node;

  @BeforeAll
  static void start(@TempDir Path scratch) {
    node = RunningNode.on(redis.uri(), scratch, "--token", TOKEN);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  static List<RequestTable.Request> malformed() {
    return RequestTable.malformed(TOKEN);
  }

  static List<RequestTable.Request> unusual() {
    return RequestTable.unusual(TOKEN);
  }

  private static String set(String key) {
    String body = "[\"SET\",\"" + key + "\",\"x\"]";
    return "POST / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
        + TOKEN
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), node.url().getPort());
    socket.setSoTimeout(60_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static String answers(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  private static void refused(String answer) {
    assertThat(answer).startsWith("HTTP/1.1 400 Bad Request\r\n");
    assertThat(answer.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
    assertThat(answer.toLowerCase(java.util.Locale.ROOT)).contains("connection: close");
    assertThat(answer).contains("{\"error\":\"ERR not an HTTP request: ");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void isRefusedAndNothingBehindItIsRun(RequestTable.Request request) throws IOException {
    String key = "smuggled-" + COUNT.incrementAndGet();
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.bytes());
      socket.getOutputStream().write(set(key).getBytes(ISO_8859_1));
      refused(answers(socket));
    }
    assertThat(redis.process().command("EXISTS", key)).isEqualTo("0");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusual")
  void isAnsweredWhatHasOneMeaning(RequestTable.Request request) throws IOException {
    String key = "behind-" + COUNT.incrementAndGet();
    boolean keepsAlive = !request.wire().contains("HTTP/1.0");
    try (Socket socket = connect()) {
      for (byte letter : request.bytes()) {
        socket.getOutputStream().write(letter);
      }
      if (keepsAlive) {
        socket.getOutputStream().write(request.bytes());
        socket.getOutputStream().write(set(key).getBytes(ISO_8859_1));
        socket.getOutputStream().write("end".getBytes(ISO_8859_1));
        socket.getOutputStream().write('\0');
      }
      String answer = answers(socket);
      assertThat(answer).startsWith("HTTP/1." + (keepsAlive ? 1 : 0) + " 200 OK\r\n");
      if (keepsAlive) {
        assertThat(answer.split("HTTP/1.1 200 OK\r\n", -1)).hasSize(4);
        assertThat(answer.split("HTTP/1.1 400 Bad Request\r\n", -1)).hasSize(2);
        assertThat(redis.process().command("GET", key)).isEqualTo("x");
      }
    }
  }

  @Test
  void comesBehindTheAnswersToTheRequestsBefore() throws IOException {
    try (Socket socket = connect()) {
      var requests = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        requests.append(set("before-" + i));
      }
      requests.append("GET / HTTP/1.1\r\n\r\n").append(set("after"));
      socket.getOutputStream().write(requests.toString().getBytes(ISO_8859_1));
      String answer = answers(socket);
      assertThat(answer.split("HTTP/1.1 200 OK\r\n", -1)).hasSize(51);
      assertThat(answer.indexOf("HTTP/1.1 400")).isGreaterThan(answer.lastIndexOf("HTTP/1.1 200"));
      assertThat(answer).endsWith("no Host\"}");
    }
    assertThat(redis.process().command("EXISTS", "after", "before-49")).isEqualTo("1");
  }

  @Test
  void comesAlsoWhereTheCallerHasClosedItsSide() throws IOException {
    try (Socket socket = connect()) {
      String requests = set("half") + "GET / HTTP/1.1\r\n\r\n";
      socket.getOutputStream().write(requests.getBytes(ISO_8859_1));
      socket.shutdownOutput();
      String answer = answers(socket);
      assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("no Host\"}");
    }
  }

  @Test
  void canBeReadByACallerWhoIsStillSending() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));
      for (int i = 0; i < 100; i++) {
        socket.getOutputStream().write(new byte[10_000]);
      }
      refused(answers(socket));
    }
  }
}

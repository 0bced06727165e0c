package dev.larder.testkit.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.larder.testkit.RealRedis;
import dev.larder.testkit.relay.TcpRelay.Direction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TcpRelayTest {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  @RegisterExtension static final TcpRelay relay = TcpRelay.to(() -> redis.process().port());

  @Test
  void forwardsInBothDirections() throws IOException {
    try (var client = connect()) {
      assertPong(client);
      assertThat(relay.connections()).isEqualTo(1);
    }
    await().until(() -> relay.connections() == 0);
  }

  @Test
  void refusesWhatItsTargetRefuses() {
    redis.process().kill();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> {
              try (var client = connect()) {
                ping(client);
                pong(client);
              }
            });
    assertThat(relay.connections()).isZero();
  }

  @Test
  void keepsEverythingOpenWhileStalled() throws IOException {
    try (var before = connect()) {
      assertPong(before);
      relay.stall();
      try (var meanwhile = connect()) {
        ping(before);
        ping(meanwhile);
        assertSilent(before);
        assertSilent(meanwhile);
        relay.resume();
        assertThat(pong(before)).isEqualTo("+PONG\r\n");
        assertThat(pong(meanwhile)).isEqualTo("+PONG\r\n");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void stallsOneDirection(Direction direction) throws IOException {
    try (var client = connect()) {
      assertPong(client);
      relay.stall(direction);
      client.getOutputStream().write("SET a 1\r\n".getBytes(US_ASCII));
      if (direction == Direction.TO_CLIENT) {
        await().until(() -> redis.process().command("GET", "a").equals("1"));
      }
      assertSilent(client);
      assertThat(redis.process().command("GET", "a"))
          .isEqualTo(direction == Direction.TO_CLIENT ? "1" : "(nil)");
      relay.resume();
      assertThat(read(client, 5)).isEqualTo("+OK\r\n");
    }
  }

  @Test
  void delaysEachByteAndKeepsTheirOrder() throws IOException {
    try (var client = connect()) {
      assertPong(client);
      relay.delay(Duration.ofMillis(50));
      long start = System.nanoTime();
      var expected = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        client.getOutputStream().write(("ECHO " + (100 + i) + "\r\n").getBytes(US_ASCII));
        expected.append("$3\r\n").append(100 + i).append("\r\n");
        if (i == 50) {
          relay.delay(Duration.ofMillis(40));
        }
      }
      assertThat(read(client, expected.length())).isEqualTo(expected.toString());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(80));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> relay.delay(Duration.ofMillis(-1)))
        .withMessage("a delay is not negative, was PT-0.001S");
  }

  @Test
  void closesAndRefusesWhileCut() throws IOException {
    try (var client = connect()) {
      assertPong(client);
      relay.cut();
      assertClosed(client);
      assertThatExceptionOfType(ConnectException.class).isThrownBy(TcpRelayTest::connect);
      relay.cut();
      relay.restore();
      relay.restore();
      try (var next = connect()) {
        assertPong(next);
      }
    }
  }

  @Test
  void passesOnThatATargetHasDied() throws IOException {
    try (var client = connect()) {
      assertPong(client);
      redis.process().kill();
      assertClosed(client);
      redis.process().restart();
    }
    try (var client = connect()) {
      assertPong(client);
    }
  }

  @Test
  void holdsLittleForAReaderThatIsSlow() throws Exception {
    byte[] sent = new byte[64 * 1024 * 1024];
    new Random(1).nextBytes(sent);
    try (var target = new ServerSocket(0, 50, loopback());
        var slow = TcpRelay.to(target.getLocalPort());
        var client = connect(slow.port());
        var reader = accept(target)) {
      var writer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.getOutputStream().write(sent);
                  client.shutdownOutput();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      assertThat(reader.getInputStream().readNBytes(1024)).hasSize(1024);
      assertThatExceptionOfType(TimeoutException.class)
          .as("what the relay and the system hold is less than what was sent")
          .isThrownBy(() -> writer.get(500, TimeUnit.MILLISECONDS));
      byte[] rest = reader.getInputStream().readAllBytes();
      assertThat(rest).isEqualTo(Arrays.copyOfRange(sent, 1024, sent.length));
      reader.getOutputStream().write('!');
      assertThat(read(client, 1)).as("the other direction is still open").isEqualTo("!");
    }
  }

  @Test
  void servesManyConnectionsByOneThread() throws IOException {
    int threads = Thread.activeCount();
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 500; i++) {
        clients.add(connect());
        ping(clients.get(i));
      }
      for (Socket client : clients) {
        assertThat(pong(client)).isEqualTo("+PONG\r\n");
      }
      assertThat(relay.connections()).isEqualTo(500);
      assertThat(Thread.activeCount()).isLessThan(threads + 100);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  @Test
  void leavesNothingWhenClosed() throws IOException {
    var other = TcpRelay.to("127.0.0.1", redis.process().port());
    String thread = "relay-" + other.port();
    assertThat(threads()).contains(thread);
    try (var client = connect(other.port())) {
      assertPong(client);
      other.close();
      other.close();
      assertClosed(client);
    }
    assertThat(threads()).doesNotContain(thread);
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> new Socket(loopback(), other.port()));
    assertThatIllegalStateException().isThrownBy(other::stall).withMessage("the relay is closed");
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static Socket accept(ServerSocket target) throws IOException {
    target.setSoTimeout(30_000);
    var accepted = target.accept();
    accepted.setSoTimeout(30_000);
    return accepted;
  }

  private static Socket connect() throws IOException {
    return connect(relay.port());
  }

  private static Socket connect(int port) throws IOException {
    var client = new Socket(loopback(), port);
    client.setSoTimeout(10_000);
    return client;
  }

  private static void assertPong(Socket client) throws IOException {
    ping(client);
    assertThat(pong(client)).isEqualTo("+PONG\r\n");
  }

  private static void ping(Socket client) throws IOException {
    client.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
  }

  private static String pong(Socket client) throws IOException {
    String answer = read(client, 7);
    if (answer.isEmpty()) {
      throw new SocketException("closed");
    }
    return answer;
  }

  private static String read(Socket client, int length) throws IOException {
    return new String(client.getInputStream().readNBytes(length), US_ASCII);
  }

  private static void assertSilent(Socket client) throws IOException {
    client.setSoTimeout(200);
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> client.getInputStream().read());
    client.setSoTimeout(10_000);
  }

  /** By a FIN or, where bytes were still in flight, by a reset. */
  private static void assertClosed(Socket client) throws IOException {
    try {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }
}

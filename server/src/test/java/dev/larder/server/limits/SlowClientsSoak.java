package dev.larder.server.limits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.RawHttp;
import dev.larder.server.RunningNode;
import dev.larder.testkit.RealRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Callers who are slow, gone or many take little of the node, and nothing of the others. */
@SuppressWarnings("NullAway.Init")
class SlowClientsSoak {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(3);
  private static final int MOST_CONNECTIONS = 5_100;
  private static final int IDLE = 5_000;
  private static final String MEGABYTE = "x".repeat(1_000_000);
  private static final long BOUND = 64_000_000;

  private static RunningNode node;

  @BeforeAll
  static void start(@TempDir Path scratch) throws IOException {
    Path config = scratch.resolve("larder.yaml");
    Files.writeString(
        config,
        """
        limits: {connections: %d}
        timeouts: {request: %dms}
        """
            .formatted(MOST_CONNECTIONS, REQUEST_TIMEOUT.toMillis()));
    node = RunningNode.on(redis.uri(), scratch, List.of("-Xmx128m"), "--config", config.toString());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void warmsUp() {
    // So that what every node needs is not taken for what these callers cost it.
    try (RawHttp connection = node.connect()) {
      connection.post("/set/large", node.token(), MEGABYTE).read();
      for (int i = 0; i < 50; i++) {
        connection.post("/get/large", node.token(), "").read();
        connection.post("/publish/nobody", node.token(), MEGABYTE).read();
      }
    }
    awaitNobodyElse();
  }

  @Test
  void forgetsThoseWhoHangUpInTheMiddle() {
    for (int i = 0; i < 2_000; i++) {
      try (RawHttp connection = node.connect()) {
        connection.write(
            "POST /set/hung-up HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + node.token()
                + (i % 2 == 0
                    ? "\r\nContent-Length: 1000000\r\n\r\n"
                    : "\r\nTransfer-Encoding: chunked\r\n\r\nf4240\r\n"));
        connection.write(MEGABYTE.substring(0, 1 + i * 100));
      }
    }
    awaitNobodyElse();
    assertThat(redis.process().command("EXISTS", "hung-up")).isEqualTo("0");
    // 200 MB were sent to a node that has 128, much of it at the same time.
    tell("2,000 hang-ups");
  }

  @Test
  void refusesBodiesThatWouldNotFitIntoItsMemory() {
    List<RawHttp> callers = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        callers.add(node.connect());
        callers.get(i).write("POST /strlen HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ");
        callers.get(i).write(node.token() + "\r\nContent-Length: 1000001\r\n\r\n" + MEGABYTE);
      }
      callers.forEach(it -> it.write("x"));
      // On a slow machine the last of them may be late.
      assertThat(callers)
          .extracting(it -> it.read().status())
          .isSubsetOf(200, 503, 408)
          .contains(503);
    } finally {
      callers.forEach(RawHttp::close);
    }
    awaitNobodyElse();
    assertThat(redis.process().command("EXISTS", "large")).isEqualTo("1");
    tell("60 MB of bodies at a time");
  }

  @Test
  void cutsOffThoseWhoSendAByteASecond() {
    try (RawHttp head = node.connect();
        RawHttp body = node.connect()) {
      body.write("POST /set/k HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + node.token());
      body.write("\r\nContent-Length: 1000\r\n\r\n");
      await()
          .pollInterval(Duration.ofSeconds(1))
          .atMost(REQUEST_TIMEOUT.multipliedBy(10))
          .until(() -> Stream.of(head, body).filter(it -> refuses(it, "x")).count() == 2);
    }
    awaitNobodyElse();
  }

  private static boolean refuses(RawHttp connection, String more) {
    try {
      connection.write(more);
      return false;
    } catch (UncheckedIOException closed) {
      return true;
    }
  }

  @Test
  void cutsOffASubscriberWhoStopsReading() {
    try (RawHttp subscriber = node.connect();
        RawHttp publisher = node.connect()) {
      subscriber.post("/subscribe/news", node.token(), "");
      awaitSubscribers(1);
      long before = memory();
      long most = 0;
      for (int i = 0; i < 200; i++) {
        publisher.post("/publish/news", node.token(), MEGABYTE).read();
        most = Math.max(most, memory() - before);
      }
      tell("200 MB published past a subscriber, at most " + most / 1_000_000 + " MB more");
      assertThat(most).isLessThan(BOUND);
      awaitSubscribers(0);
    }
    awaitNobodyElse();
  }

  private static void awaitSubscribers(int count) {
    await().until(() -> redis.process().command("PUBSUB", "NUMSUB", "news").endsWith("\n" + count));
  }

  @Test
  void holdsLittleForACallerWhoAsksAndDoesNotRead() {
    try (RawHttp caller = node.connect();
        RawHttp other = node.connect()) {
      long before = memory();
      long most = 0;
      for (int i = 0; i < 300; i++) {
        caller.post("/get/large", node.token(), "");
        other.post("/ping", node.token(), "").read();
        most = Math.max(most, memory() - before);
      }
      tell("300 MB asked for and not read, at most " + most / 1_000_000 + " MB more");
      assertThat(most).isLessThan(BOUND);
      for (int i = 0; i < 300; i++) {
        assertThat(caller.read().body()).hasSize(MEGABYTE.length() + "{'result':''}".length());
      }
    }
    awaitNobodyElse();
  }

  @Test
  void servesTheOthersBesideFiveThousandIdleConnections() throws IOException {
    List<SocketChannel> idle = new ArrayList<>();
    try {
      long alone = medianPingNanos();
      long before = memory();
      for (int i = 0; i < IDLE; i++) {
        idle.add(connected());
      }
      await().until(() -> connections() == IDLE + 1);
      long beside = medianPingNanos();
      tell(
          "%d bytes for each of %d idle connections, a PING takes %d us instead of %d"
              .formatted((memory() - before) / IDLE, IDLE, beside / 1000, alone / 1000));
      assertThat(beside).isLessThan(10 * alone + 1_000_000);
      assertThat((memory() - before) / IDLE).isLessThan(20_000);
      for (int i = IDLE; i < MOST_CONNECTIONS + 50; i++) {
        idle.add(connected());
      }
      long refused = idle.stream().filter(SlowClientsSoak::isClosed).count();
      assertThat(refused).isBetween(50L, 51L);
      // Who is in is served.
      assertThat(ask(idle.get(0), "/ping")).endsWith("{\"result\":\"PONG\"}");
    } finally {
      for (SocketChannel connection : idle) {
        connection.close();
      }
    }
    awaitNobodyElse();
  }

  private static SocketChannel connected() throws IOException {
    int port = node.url().getPort();
    return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  private static boolean isClosed(SocketChannel connection) {
    try {
      // Those who are let in have nothing to read, as they asked nothing.
      connection.configureBlocking(false);
      boolean closed = connection.read(ByteBuffer.allocate(1)) < 0;
      connection.configureBlocking(true);
      return closed;
    } catch (IOException e) {
      return true;
    }
  }

  private static String ask(SocketChannel connection, String path) throws IOException {
    String request =
        "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n"
            .formatted(path, node.token());
    connection.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
    connection.socket().setSoTimeout(60_000);
    var answer = new byte[4096];
    return new String(answer, 0, connection.socket().getInputStream().read(answer), UTF_8);
  }

  private static long medianPingNanos() {
    var nanos = new long[2_000];
    try (RawHttp connection = node.connect()) {
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        assertThat(connection.post("/ping", node.token(), "").read().status()).isEqualTo(200);
        nanos[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }

  /** Only the connection that asks for it is left. */
  private static void awaitNobodyElse() {
    await().until(() -> connections() == 1);
  }

  private static long connections() {
    try (RawHttp connection = node.connect()) {
      return connection
          .post("/metrics", node.token(), "")
          .read()
          .body()
          .lines()
          .filter(line -> line.startsWith("larder_connections "))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' '))))
          .sum();
    }
  }

  /** What the whole process takes of the machine, in bytes. */
  private static long memory() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(node.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void tell(String what) {
    System.out.printf("%s; the node takes %d MB now%n", what, memory() / 1_000_000);
  }
}

package dev.larder.testkit.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.larder.testkit.relay.StreamFault.Cut;
import dev.larder.testkit.relay.StreamFault.Drop;
import dev.larder.testkit.relay.StreamFault.Duplicate;
import dev.larder.testkit.relay.StreamFault.Flip;
import dev.larder.testkit.relay.StreamFault.Insert;
import dev.larder.testkit.relay.StreamFault.Replace;
import dev.larder.testkit.relay.TcpRelay.Direction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Between sockets that say nothing of themselves, so that every byte is the test's. */
class StreamFaultTest {
  private static final String SENT = "0123456789";

  private final List<AutoCloseable> open = new ArrayList<>();
  private ServerSocket server;
  private TcpRelay relay;
  private Link link;

  /** A client's end and the target's. */
  private record Link(Socket client, Socket target) {
    Socket from(Direction direction) {
      return direction == Direction.TO_TARGET ? client : target;
    }

    Socket to(Direction direction) {
      return direction == Direction.TO_TARGET ? target : client;
    }

    void send(Direction direction, String text) throws IOException {
      from(direction).getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    String receive(Direction direction, int length) throws IOException {
      return new String(to(direction).getInputStream().readNBytes(length), ISO_8859_1);
    }
  }

  @BeforeEach
  void start() throws IOException {
    server = opened(new ServerSocket(0, 50, loopback()));
    server.setSoTimeout(30_000);
    relay = opened(TcpRelay.to(server.getLocalPort()));
    link = connect();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private Link connect() throws IOException {
    Socket client = opened(new Socket(loopback(), relay.port()));
    Socket target = opened(server.accept());
    client.setSoTimeout(10_000);
    target.setSoTimeout(10_000);
    client.setTcpNoDelay(true);
    target.setTcpNoDelay(true);
    return new Link(client, target);
  }

  static Stream<Arguments> faults() {
    return Stream.of(Direction.values())
        .flatMap(
            it ->
                Stream.of(
                    Arguments.of(it, 4, new Flip(0x01), "0123556789"),
                    Arguments.of(it, 0, new Flip(0xff), "\u00cf123456789"),
                    Arguments.of(it, 4, new Replace("\r\u00ff"), "0123\r\u00ff6789"),
                    Arguments.of(it, 4, new Insert("-a\n"), "0123-a\n456789"),
                    Arguments.of(it, 10, new Insert("!"), "0123456789!"),
                    Arguments.of(it, 4, new Drop(3), "0123789"),
                    Arguments.of(it, 4, new Duplicate(3), "0123456456789"),
                    Arguments.of(it, 4, new Cut(), "0123")));
  }

  @ParameterizedTest(name = "{0}, after {1} bytes {2}: {3}")
  @MethodSource("faults")
  void harmsTheBytesAtItsPlace(Direction direction, int after, StreamFault fault, String arriving)
      throws IOException {
    relay.inject(direction, after, fault);
    assertThat(relay.pendingFaults()).isOne();
    link.send(direction, SENT);
    assertThat(link.receive(direction, arriving.length())).isEqualTo(arriving);
    assertThat(relay.pendingFaults()).isZero();
    assertNoMore(fault);
  }

  @ParameterizedTest(name = "{0}, after {1} bytes {2}: {3}")
  @MethodSource("faults")
  void harmsThemAlsoWhenTheyComeOneByOne(
      Direction direction, int after, StreamFault fault, String arriving) throws IOException {
    relay.stall();
    relay.inject(direction, after, fault);
    relay.chop(1);
    relay.resume();
    for (String sent : List.of(SENT.split("(?<=.)"))) {
      try {
        link.send(direction, sent);
      } catch (SocketException e) {
        assertThat(fault).isEqualTo(new Cut());
      }
    }
    assertThat(link.receive(direction, arriving.length())).isEqualTo(arriving);
    assertNoMore(fault);
  }

  /** The other direction is as it was, too. */
  private void assertNoMore(StreamFault fault) throws IOException {
    if (fault instanceof Cut) {
      assertClosed(link.client());
      assertClosed(link.target());
      await().until(() -> relay.connections() == 0);
      link = connect();
    }
    for (Direction each : Direction.values()) {
      link.send(each, "|" + SENT);
      assertThat(link.receive(each, 11)).isEqualTo("|" + SENT);
    }
  }

  private static void assertClosed(Socket socket) throws IOException {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException e) {
      assertThat(e).hasMessageContaining("reset");
    }
  }

  @Test
  void harmsOnlyTheFirstConnectionThatGetsThere() throws IOException {
    Link other = connect();
    relay.inject(Direction.TO_CLIENT, 3, new Drop(1));
    link.send(Direction.TO_CLIENT, "012");
    assertThat(link.receive(Direction.TO_CLIENT, 3)).isEqualTo("012");

    other.send(Direction.TO_CLIENT, "0123456");
    assertThat(other.receive(Direction.TO_CLIENT, 6)).isEqualTo("012456");
    link.send(Direction.TO_CLIENT, "3456");
    assertThat(link.receive(Direction.TO_CLIENT, 4)).isEqualTo("3456");
  }

  @Test
  void countsOnANewConnectionFromItsStart() throws IOException {
    link.send(Direction.TO_TARGET, SENT);
    assertThat(link.receive(Direction.TO_TARGET, 10)).isEqualTo(SENT);
    relay.inject(Direction.TO_TARGET, 3, new Drop(1));
    Link next = connect();
    next.send(Direction.TO_TARGET, "01234");
    assertThat(next.receive(Direction.TO_TARGET, 4)).isEqualTo("0124");
  }

  @Test
  void countsWhatAStallHoldsBack() throws IOException {
    relay.stall();
    link.send(Direction.TO_TARGET, SENT);
    relay.inject(Direction.TO_TARGET, 2, new Drop(3));
    relay.resume();
    assertThat(link.receive(Direction.TO_TARGET, 7)).isEqualTo("0156789");
  }

  @Test
  void harmsOneStreamInSeveralPlaces() throws IOException {
    relay.stall();
    relay.inject(Direction.TO_CLIENT, 1, new Duplicate(2));
    relay.inject(Direction.TO_CLIENT, 5, new Flip(0x10));
    relay.inject(Direction.TO_CLIENT, 8, new Insert("+"));
    link.send(Direction.TO_CLIENT, SENT);
    relay.resume();
    assertThat(link.receive(Direction.TO_CLIENT, 13)).isEqualTo("0121234%67+89");
  }

  @Test
  void harmsOnePlaceByOneFaultAfterTheOther() throws IOException {
    relay.inject(Direction.TO_CLIENT, 4, new Drop(2));
    relay.inject(Direction.TO_CLIENT, 4, new Insert("+"));
    relay.inject(Direction.TO_CLIENT, 4, new Flip(0x01));
    relay.inject(Direction.TO_CLIENT, 4, new Cut());
    link.send(Direction.TO_CLIENT, SENT);
    assertThat(link.receive(Direction.TO_CLIENT, 6)).isEqualTo("0123+7");
    assertClosed(link.client());
  }

  @Test
  void severalAreOneBehindTheOtherWhileBytesPass() throws Exception {
    Thread sender =
        new Thread(
            () -> {
              try {
                while (true) {
                  link.send(Direction.TO_CLIENT, "0000");
                }
              } catch (IOException e) {
                // It was cut off.
              }
            });
    sender.start();
    relay.inject(Direction.TO_CLIENT, 10_000, new Flip(0x01), new Cut());
    String received =
        new String(link.to(Direction.TO_CLIENT).getInputStream().readAllBytes(), ISO_8859_1);
    sender.join(60_000);

    assertThat(received).hasSizeGreaterThan(10_000).matches("0+1");
  }

  @Test
  void insertsAtOnceWhereNobodySpeaks() throws IOException {
    relay.inject(Direction.TO_CLIENT, 0, new Insert("+OK\r\n"));
    assertThat(link.receive(Direction.TO_CLIENT, 5)).isEqualTo("+OK\r\n");
    relay.inject(Direction.TO_TARGET, 0, new Cut());
    assertClosed(link.client());
    assertClosed(link.target());
  }

  @Test
  void isOverWhenHealed() throws IOException {
    relay.inject(Direction.TO_CLIENT, 2, new Drop(100));
    relay.inject(Direction.TO_CLIENT, 4, new Cut());
    relay.inject(Direction.TO_TARGET, 4, new Cut());
    relay.chop(1);
    link.send(Direction.TO_CLIENT, "0123");
    assertThat(link.receive(Direction.TO_CLIENT, 2)).isEqualTo("01");
    assertSilent(link.client());

    relay.heal();
    assertThat(relay.pendingFaults()).isZero();
    for (Direction direction : Direction.values()) {
      link.send(direction, SENT);
      assertThat(link.receive(direction, 10)).isEqualTo(SENT);
    }
  }

  private static void assertSilent(Socket socket) throws IOException {
    socket.setSoTimeout(200);
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> socket.getInputStream().read());
    socket.setSoTimeout(10_000);
  }

  @Test
  void givesAReaderPiecesOfTheSizeWanted() throws IOException {
    relay.chop(3);
    String sent = SENT.repeat(100);
    link.send(Direction.TO_CLIENT, sent);
    var received = new StringBuilder();
    int reads = 0;
    byte[] buffer = new byte[1000];
    while (received.length() < sent.length()) {
      int read = link.client().getInputStream().read(buffer);
      received.append(new String(buffer, 0, read, ISO_8859_1));
      reads++;
    }
    assertThat(received).hasToString(sent);
    // All 334, if the reader is never late.
    assertThat(reads).isGreaterThan(30);
  }

  @Test
  void refusesWhatIsNoFault() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Flip(0))
        .withMessage("bits are from 0x01 to 0xff, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Drop(0))
        .withMessage("bytes must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Replace("\u20ac"))
        .withMessage(
            "characters must be from \\u0000 to \\u00ff, and at least one, was \"\u20ac\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> relay.inject(Direction.TO_CLIENT, -1, new Cut()))
        .withMessage("after must not be negative, was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> relay.chop(-1))
        .withMessage("bytes must not be negative, was -1");
  }
}

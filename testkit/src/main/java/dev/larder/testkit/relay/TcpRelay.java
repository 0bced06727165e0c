package dev.larder.testkit.relay;

import dev.larder.embedded.net.Loopback;
import dev.larder.embedded.net.PortReservation;
import dev.larder.testkit.ClassResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A network that a test can break: listens on 127.0.0.1 and forwards what comes to a target. Each
 * change is in force when its method returns. As a JUnit extension it is healed before each test.
 *
 * <pre>{@code
 * try (var relay = TcpRelay.to(redis.port())) {
 *   var client = RedisClient.create("redis://127.0.0.1:" + relay.port());
 *   relay.stall(); // nothing comes through, and nobody is told
 *   relay.resume();
 *   relay.cut(); // connections closed, and refused until restore()
 * }
 * }</pre>
 */
public final class TcpRelay extends ClassResource {
  private static final int PORT_TRIES = 20;

  private final PortReservation reservation;
  private final RelayLoop loop;

  /** One of the two directions in which bytes pass. */
  public enum Direction {
    /** From the client to the target. */
    TO_TARGET,
    /** From the target to the client. */
    TO_CLIENT
  }

  private TcpRelay(PortReservation reservation, Supplier<InetSocketAddress> target)
      throws IOException {
    this.reservation = reservation;
    this.loop = new RelayLoop(RelayLoop.listen(Loopback.address(reservation.port())), target);
  }

  private static TcpRelay onFreePort(Supplier<InetSocketAddress> target) {
    for (int tries = 1; ; tries++) {
      try {
        PortReservation reservation = PortReservation.any();
        try {
          return new TcpRelay(reservation, target);
        } catch (IOException | RuntimeException | Error e) {
          reservation.close();
          throw e;
        }
      } catch (IOException e) {
        // Somebody who reserves nothing took the port before the relay did.
        if (tries == PORT_TRIES) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** In front of a port on 127.0.0.1. */
  public static TcpRelay to(int port) {
    return to(() -> port);
  }

  /** In front of a port on 127.0.0.1 that is asked for at each connection. */
  public static TcpRelay to(IntSupplier port) {
    return onFreePort(() -> Loopback.address(port.getAsInt()));
  }

  /** In front of a port of another host. */
  public static TcpRelay to(String host, int port) {
    return onFreePort(() -> new InetSocketAddress(host, port));
  }

  /** The port on 127.0.0.1 where it listens; reserved until {@link #close()}, even while cut. */
  public int port() {
    return loop.port();
  }

  /** How many clients are connected through it. */
  public int connections() {
    return loop.call(loop::connections);
  }

  /** Forwards nothing in either direction; connections stay open, and new ones are accepted. */
  public void stall() {
    for (Direction direction : Direction.values()) {
      stall(direction);
    }
  }

  /** Forwards nothing in one direction. */
  public void stall(Direction direction) {
    loop.run(() -> loop.stall(direction));
  }

  /** Ends every stall: what waited is forwarded. */
  public void resume() {
    loop.run(loop::resume);
  }

  /**
   * Forwards each byte, in either direction, at least that much later than it came, and in order.
   *
   * @param delay zero for none, which also lets through what waits
   * @throws IllegalArgumentException if it is negative
   */
  public void delay(Duration delay) {
    long nanos = nanos(delay);
    loop.run(() -> loop.delay(nanos));
  }

  /**
   * Forwards writes from a primary, the target, to its replicas at least that much later than they
   * came. A replica's first copy of the data is not delayed, and neither are other connections. The
   * relay knows replicas by what they send, so encrypted connections are never delayed by this.
   *
   * @param delay zero for none, which also lets through what waits
   * @throws IllegalArgumentException if it is negative
   */
  public void delayReplication(Duration delay) {
    long nanos = nanos(delay);
    loop.run(() -> loop.delayReplication(nanos));
  }

  private static long nanos(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a delay is not negative, was " + delay);
    }
    return delay.toNanos();
  }

  /**
   * Forwards no more than so many bytes at a time, in either direction, so that a reader which is
   * not busy gets each piece by itself.
   *
   * @param bytes zero for all there are
   * @throws IllegalArgumentException if it is negative
   */
  public void chop(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes must not be negative, was " + bytes);
    }
    loop.run(() -> loop.chop(bytes));
  }

  /**
   * Harms the stream of one connection, once: the first that forwards so many more bytes in a
   * direction, or, if it is a new one, so many from its start.
   *
   * @param after how many bytes are forwarded unharmed, those that a stall holds back included
   * @param fault what is done there
   * @param then what is done right behind it, on the same connection
   * @throws IllegalArgumentException if {@code after} is negative
   */
  public void inject(Direction direction, long after, StreamFault fault, StreamFault... then) {
    if (after < 0) {
      throw new IllegalArgumentException("after must not be negative, was " + after);
    }
    List<Faults.Injection> injections =
        Stream.concat(Stream.of(fault), Stream.of(then))
            .map(it -> new Faults.Injection(direction, after, it))
            .toList();
    loop.run(() -> loop.inject(direction, injections));
  }

  /** How many of the faults that were injected no connection has got to yet. */
  public int pendingFaults() {
    return loop.call(loop::injections);
  }

  /** Closes all connections, and refuses new ones until {@link #restore()}. */
  public void cut() {
    loop.run(loop::cut);
  }

  /** Accepts connections again after {@link #cut()}, on the same port; else does nothing. */
  public void restore() {
    loop.run(loop::restore);
  }

  /** All of {@link #restore()}, {@link #resume()}, and neither delay, pieces nor faults. */
  public void heal() {
    loop.run(loop::endFaults);
    restore();
    resume();
    chop(0);
    delay(Duration.ZERO);
    delayReplication(Duration.ZERO);
  }

  /** Closes all connections and its port; does nothing the second time. */
  @Override
  public void close() {
    try {
      loop.close();
    } finally {
      reservation.close();
    }
  }

  @Override
  protected void makeReady() {
    heal();
  }

  @Override
  public String toString() {
    return "relay on 127.0.0.1:" + port();
  }
}

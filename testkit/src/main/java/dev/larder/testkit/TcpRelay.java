package dev.larder.testkit;

import java.time.Duration;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * {@code to(port) | to(() -> port) | to(host, port) | port() | stall() | stall(Direction) |
 * resume() | delay(Duration) | cut() | restore() | connections() | close()}.
 */
public final class TcpRelay
    implements AutoCloseable, BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  /** A way through the relay. */
  public enum Direction {
    /** From the client to the target. */
    TO_TARGET,
    /** From the target to the client. */
    TO_CLIENT
  }

  /** In front of a port on 127.0.0.1. */
  public static TcpRelay to(int port) {
    return NotYet.notYet();
  }

  /** In front of a port on 127.0.0.1 that is asked for at each connection. */
  public static TcpRelay to(IntSupplier port) {
    return NotYet.notYet();
  }

  /** In front of another host. */
  public static TcpRelay to(String host, int port) {
    return NotYet.notYet();
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return NotYet.notYet();
  }

  /** How many clients are connected through it. */
  public int connections() {
    return NotYet.notYet();
  }

  /** Forwards nothing either way; connections stay open, new ones are accepted. */
  public void stall() {
    NotYet.notYet();
  }

  /** Forwards nothing one way. */
  public void stall(Direction direction) {
    NotYet.notYet();
  }

  /** Ends a stall: what waited goes on. */
  public void resume() {
    NotYet.notYet();
  }

  /** Forwards each byte, both ways, at least that late, in order; zero ends it. */
  public void delay(Duration delay) {
    NotYet.notYet();
  }

  /** Closes all connections, and refuses new ones until {@link #restore()}. */
  public void cut() {
    NotYet.notYet();
  }

  /** Accepts connections again after {@link #cut()}, on the same port. */
  public void restore() {
    NotYet.notYet();
  }

  /** Closes all connections and its port. */
  @Override
  public void close() {
    NotYet.notYet();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    NotYet.notYet();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    NotYet.notYet();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    NotYet.notYet();
  }
}

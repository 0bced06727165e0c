package dev.larder.embedded;

import dev.larder.embedded.net.PortReservation;
import dev.larder.embedded.net.RespClient;
import dev.larder.embedded.system.GuardedProcess;
import dev.larder.embedded.system.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One run of an engine on loopback, under a guard that ends it when this JVM ends, however it ends.
 * Nothing starts it again by itself: that is what {@link EmbeddedRedis} adds.
 */
public final class EngineProcess implements AutoCloseable {
  private static final String CONF = "redis.conf";
  private static final int PORT_TRIES = 20;

  private final EngineSettings settings;
  private final int port;
  private final @Nullable PortReservation reservation;
  private final @Nullable SSLContext tls;
  private final EngineLog log;
  private final GuardedProcess process;

  /** Another program listens on the port. */
  private static final class PortTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortTaken(int port) {
      super("port " + port + " is taken");
    }
  }

  private EngineProcess(EngineSettings settings, int port, @Nullable PortReservation reservation) {
    this.settings = settings;
    this.port = port;
    this.reservation = reservation;
    this.tls = settings.tls() == null ? null : settings.tls().clientContext();
    Path directory = settings.directory();
    try {
      PrivateFiles.write(directory.resolve(CONF), settings.redisConf(port));
      log = EngineLog.fromNowOn(directory);
      process =
          GuardedProcess.start(
              directory,
              List.of(
                  settings.binary().path().toAbsolutePath().toString(),
                  directory.resolve(CONF).toAbsolutePath().toString()));
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot start " + settings + ": " + e.getMessage(), e);
    }
  }

  /**
   * Starts an engine on a port that is free and returns when it answers. The port stays reserved
   * until {@link #close()}, over {@link #kill()} and {@link #restart}.
   *
   * @throws EmbeddedRedisException if it does not answer, or an engine still runs in the directory
   */
  public static EngineProcess startOnFreePort(EngineSettings settings) {
    return startOnFreePort(settings, it -> {});
  }

  /** As above, handing over each process before it waits for its answer. */
  static EngineProcess startOnFreePort(
      EngineSettings settings, Consumer<EngineProcess> beforeAnswer) {
    for (int i = 1; ; i++) {
      PortReservation port = reserve(settings);
      try {
        return start(settings, port.port(), port, beforeAnswer);
      } catch (PortTaken e) {
        port.close();
        // A program that reserves nothing took it between our probe and the engine's start.
        if (i == PORT_TRIES) {
          throw new EmbeddedRedisException("found no free port on 127.0.0.1", e);
        }
      } catch (RuntimeException | Error e) {
        port.close();
        throw e;
      }
    }
  }

  private static PortReservation reserve(EngineSettings settings) {
    try {
      return settings.isClusterNode() ? PortReservation.clusterNode() : PortReservation.any();
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot start " + settings + ": " + e.getMessage(), e);
    }
  }

  /**
   * Starts an engine on a given port, which it does not reserve, and returns when it answers.
   *
   * @throws EmbeddedRedisException if it does not answer, or an engine still runs in the directory
   */
  static EngineProcess start(EngineSettings settings, int port) {
    try {
      return start(settings, port, null, it -> {});
    } catch (PortTaken e) {
      throw new EmbeddedRedisException("port " + port + " on 127.0.0.1 is taken", e);
    }
  }

  private static EngineProcess start(
      EngineSettings settings,
      int port,
      @Nullable PortReservation reservation,
      Consumer<EngineProcess> beforeAnswer) {
    var engine = new EngineProcess(settings, port, reservation);
    try {
      beforeAnswer.accept(engine);
      EngineReadiness.await(engine)
          .ifPresent(
              failure -> {
                throw engine.explain(failure);
              });
      return engine;
    } catch (RuntimeException | Error e) {
      engine.process.end();
      throw e;
    }
  }

  private RuntimeException explain(EngineReadiness.Failure failure) {
    String tail = log.tail();
    String details =
        (tail.isEmpty() ? "" : "; its log says:\n" + tail)
            + GuardedProcess.output(settings.directory());
    return switch (failure) {
      case ENDED ->
          tail.contains("Address already in use") || tail.contains("listening on port")
              ? new PortTaken(port)
              : new EmbeddedRedisException(settings + " ended before it answered" + details);
      case SILENT ->
          new EmbeddedRedisException(settings + " does not answer on 127.0.0.1:" + port + details);
      case INTERRUPTED -> new EmbeddedRedisException("interrupted while waiting for " + settings);
    };
  }

  /**
   * Ends it if it lives, and starts an engine on the same port, which stays reserved meanwhile. Use
   * only the returned process from then on; after an exception, this one may be restarted again or
   * closed.
   *
   * @param settings what to run now
   * @throws EmbeddedRedisException if it does not answer
   */
  public EngineProcess restart(EngineSettings settings) {
    return restart(settings, it -> {});
  }

  /** As above, handing over the process before it waits for its answer. */
  EngineProcess restart(EngineSettings settings, Consumer<EngineProcess> beforeAnswer) {
    end();
    try {
      return start(settings, port, reservation, beforeAnswer);
    } catch (PortTaken e) {
      throw new EmbeddedRedisException("port " + port + " on 127.0.0.1 is taken", e);
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The engine's process. */
  public long pid() {
    return process.identity().pid();
  }

  /** Whether the engine's process lives. */
  public boolean isAlive() {
    return process.identity().isAlive();
  }

  /**
   * {@code redis://:password@127.0.0.1:port}, or {@code rediss://} with TLS: a secret where there
   * is a password.
   */
  public String uri() {
    return settings.uri(port);
  }

  /**
   * Connects to it, with its password and TLS unless the options say otherwise.
   *
   * @throws dev.larder.embedded.net.RespError if the password is refused
   * @throws IOException if it does not answer
   */
  public RespClient connect(Consumer<RespClient.Options> options) throws IOException {
    return RespClient.connect(
        port, it -> options.accept(it.password(settings.password()).tls(tls)));
  }

  /**
   * Runs one command on a connection of its own, within ten seconds. The elements of an array come
   * one a line, nil as {@code (nil)}.
   *
   * @throws EmbeddedRedisException if the engine answers an error, or not at all
   */
  public String command(String... command) {
    try (var client = connect(it -> it.timeout(Duration.ofSeconds(10)))) {
      return client.text(command);
    } catch (IOException e) {
      throw new EmbeddedRedisException(command[0] + ": " + e.getMessage(), e);
    }
  }

  /** Waits until the engine or its guard has ended. */
  void awaitEnd() throws InterruptedException {
    process.awaitEnd();
  }

  /** Whether the engine or its guard has ended, or does so within that time. */
  boolean endsWithin(Duration time) {
    return process.endsWithin(time);
  }

  /** Kills the engine at once (SIGKILL); it is gone when this returns. */
  public void kill() {
    process.kill();
  }

  private void end() {
    if (!process.end()) {
      throw new EmbeddedRedisException("the engine (process " + pid() + ") does not end");
    }
  }

  /**
   * Ends it gracefully; after ten seconds, at once; and releases its port. Does nothing if it has
   * ended.
   *
   * @throws EmbeddedRedisException if it cannot be ended
   */
  @Override
  public void close() {
    try {
      end();
    } finally {
      if (reservation != null) {
        reservation.close();
      }
    }
  }

  @Override
  public String toString() {
    return settings.binary() + " on 127.0.0.1:" + port;
  }
}

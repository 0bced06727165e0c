package dev.larder.testkit;

import dev.larder.embedded.EmbeddedRedisException;
import dev.larder.embedded.EngineBinary;
import dev.larder.embedded.EngineProcess;
import dev.larder.embedded.EngineSettings;
import dev.larder.embedded.net.RespClient;
import dev.larder.embedded.system.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An engine that a test may kill, pause and start again; nothing supervises it, and it ends with
 * the tests' JVM at the latest.
 */
public final class RedisProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RedisProcess.class);

  private static final Pattern NO_TLS = Pattern.compile("'tls-port .*'\\s+Bad directive");

  private final Options options;
  private final EngineBinary binary;
  private final TemporaryDirectory directory;
  private volatile EngineProcess engine;
  private volatile boolean paused;
  private volatile @Nullable EngineState startState;

  /** How to start an engine. */
  public static final class Options extends EngineOptions<Options> {
    private Supplier<List<String>> linesAtStart = List::of;
    private boolean sentinel;

    private Options() {}

    @Override
    protected Options self() {
      return this;
    }

    /** More lines of redis.conf, computed anew at each start and restart. */
    public Options configAtStart(Supplier<List<String>> lines) {
      linesAtStart = lines;
      return this;
    }

    /** Runs a Sentinel instead of an engine. */
    public Options sentinel() {
      sentinel = true;
      return this;
    }
  }

  private RedisProcess(Options options, TemporaryDirectory directory) throws IOException {
    this.options = options;
    this.directory = directory;
    this.binary =
        options.sentinel ? sentinel(options.binary(), directory.path()) : options.binary();
    this.engine = EngineProcess.startOnFreePort(settings());
    this.startState = state();
  }

  private EngineSettings settings() {
    List<String> lines = new ArrayList<>(options.linesAtStart.get());
    if (!options.password().isEmpty()) {
      lines.add("masterauth " + options.password());
    }
    if (options.isTls()) {
      lines.add("tls-replication yes");
      lines.add("tls-cluster yes");
    }
    lines.addAll(options.lines());
    return new EngineSettings(
        binary,
        directory.path(),
        options.password(),
        lines,
        options.isTls() ? TestCertificate.files() : null);
  }

  /**
   * Starts the newest engine and returns when it answers.
   *
   * @throws EmbeddedRedisException if it does not
   */
  public static RedisProcess start() {
    return start(it -> {});
  }

  /**
   * Starts an engine as told on a free port and returns when it answers. Engines and directories
   * that JVMs left behind when they were killed are removed first.
   *
   * @throws EmbeddedRedisException if it does not
   */
  public static RedisProcess start(Consumer<Options> options) {
    var chosen = new Options();
    options.accept(chosen);
    try {
      TemporaryDirectory directory = TemporaryDirectory.create();
      try {
        return new RedisProcess(chosen, directory);
      } catch (IOException | RuntimeException | Error e) {
        directory.close();
        throw e;
      }
    } catch (EmbeddedRedisException e) {
      throw chosen.isTls() && NO_TLS.matcher(String.valueOf(e.getMessage())).find()
          ? new EmbeddedRedisException(
              chosen.binary() + " was built without TLS: choose another engine, or leave out tls()",
              e)
          : e;
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          "cannot start " + chosen.binary() + ": " + e.getMessage(), e);
    }
  }

  /** The same program by another name, which makes it a Sentinel. */
  private static EngineBinary sentinel(EngineBinary binary, Path directory) throws IOException {
    String name = binary.product() == EngineBinary.Product.VALKEY ? "valkey" : "redis";
    Path link = directory.resolve(name + "-sentinel");
    Files.createSymbolicLink(link, binary.path().toAbsolutePath());
    return new EngineBinary(binary.product(), binary.version(), link, binary.origin());
  }

  /** {@code redis://127.0.0.1:port}, with the password if there is one; {@code rediss} with TLS. */
  public String uri() {
    return engine.uri();
  }

  /** The port on 127.0.0.1, reserved until {@link #close()}: the same over restarts. */
  public int port() {
    return engine.port();
  }

  /** Where its data, configuration and log are until {@link #close()}. */
  public Path directory() {
    return directory.path();
  }

  /** The engine's process; another one after a restart. */
  public long pid() {
    return engine.pid();
  }

  /** The engine that runs. */
  public EngineBinary binary() {
    return binary;
  }

  /** Whether its process lives, paused or not. */
  public boolean isAlive() {
    return engine.isAlive();
  }

  /** Whether it can answer: it lives, and is not paused. */
  public boolean isRunning() {
    return isAlive() && !paused;
  }

  /**
   * Runs one command on a connection of its own, within ten seconds. The elements of an array come
   * one a line, nil as {@code (nil)}.
   *
   * @throws EmbeddedRedisException if the engine answers an error or not at all
   */
  public String command(String... command) {
    return engine.command(command);
  }

  /**
   * Opens a connection, with the password and TLS if it was started with them.
   *
   * @param options what else, such as a timeout
   * @throws IOException if it does not answer
   */
  public RespClient connect(Consumer<RespClient.Options> options) throws IOException {
    return engine.connect(options);
  }

  /** Kills it at once (SIGKILL); it is gone when this returns. */
  public void kill() {
    engine.kill();
  }

  /** Suspends it (SIGSTOP): connections stay open, nothing answers. */
  public void pause() {
    signal("STOP");
    paused = true;
  }

  /** Continues it after {@link #pause()} (SIGCONT); does nothing if it is not paused. */
  public void resume() {
    if (paused) {
      signal("CONT");
      paused = false;
    }
  }

  private void signal(String name) {
    if (!engine.isAlive()) {
      return;
    }
    try {
      String kill = "kill -" + name + " " + engine.pid();
      Process shell = new ProcessBuilder("/bin/sh", "-c", kill).inheritIO().start();
      if (!shell.waitFor(10, TimeUnit.SECONDS) || shell.exitValue() != 0) {
        throw new IllegalStateException(kill + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Starts it again on the same port and in the same directory; ends it first if it is alive.
   *
   * @throws EmbeddedRedisException if it does not answer
   */
  public void restart() {
    engine.close();
    paused = false;
    engine = engine.restart(settings());
    startState = state();
  }

  /** Null where its default user may not ask for it. */
  private @Nullable EngineState state() {
    if (options.sentinel) {
      return null;
    }
    try (var client = connect(it -> {})) {
      return EngineState.of(client);
    } catch (IOException e) {
      log.info("{} has to be restarted at each reset: {}", this, e.getMessage());
      return null;
    }
  }

  /**
   * Undoes what a test did to the engine, except for data, functions and role: it runs, its users
   * and its CONFIG are as at its start, no client is paused or blocked, no script runs or is
   * cached, and its statistics begin anew. Connections stay open. An engine that refuses, or does
   * not answer within three seconds, is killed and started again.
   *
   * @throws EmbeddedRedisException if it does not answer after a restart
   */
  public void reset() {
    resume();
    if (!isAlive() || (!options.sentinel && !restoresState())) {
      kill();
      restart();
    }
  }

  private boolean restoresState() {
    EngineState state = startState;
    if (state == null) {
      return false;
    }
    try (var client = connect(it -> it.timeout(Duration.ofSeconds(3)))) {
      state.restore(client);
      return true;
    } catch (IOException e) {
      log.info("{} is restarted, as it cannot be reset: {}", this, e.getMessage());
      return false;
    }
  }

  /**
   * Deletes the data of all databases, and all functions. Replicas refuse it.
   *
   * @throws EmbeddedRedisException if it refuses or does not answer
   */
  public void flush() {
    if (binary.version().major() >= 7) {
      command("FUNCTION", "FLUSH");
    }
    command("FLUSHALL");
  }

  /** Ends it and deletes its directory; does nothing the second time. */
  @Override
  public void close() {
    engine.close();
    try {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return engine.toString();
  }
}

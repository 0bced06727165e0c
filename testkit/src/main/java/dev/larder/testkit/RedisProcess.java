package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import dev.larder.embedded.EngineProcess;
import dev.larder.embedded.EngineSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An engine that a test may kill, pause and start again; nothing supervises it, and it ends with
 * the tests' JVM at the latest.
 */
public final class RedisProcess implements AutoCloseable {
  private final Options options;
  private final EngineBinary binary;
  private final Path directory;
  private volatile EngineProcess engine;
  private volatile boolean paused;

  /** How to start; without any: the newest engine, no password, nothing persisted. */
  public static final class Options {
    private @Nullable EngineBinary binary;
    private String password = "";
    private final List<String> lines = new ArrayList<>();
    private Supplier<List<String>> linesAtStart = List::of;
    private boolean sentinel;

    private Options() {}

    /** The engine to run. */
    public Options binary(EngineBinary binary) {
      this.binary = binary;
      return this;
    }

    /** A password that clients must give, of {@code A-Z a-z 0-9 . _ ~ -}. */
    public Options password(String password) {
      this.password = password;
      return this;
    }

    /** Keeps data over {@link RedisProcess#restart()}, every write flushed before its answer. */
    public Options appendOnly() {
      return config("appendonly yes").config("appendfsync always");
    }

    /** One more line of redis.conf, such as {@code maxmemory 10mb}. */
    public Options config(String line) {
      lines.add(line);
      return this;
    }

    /** Lines that are asked for at each start: what an engine would have written there itself. */
    Options linesAtStart(Supplier<List<String>> lines) {
      linesAtStart = lines;
      return this;
    }

    /** A Sentinel instead of an engine. */
    Options sentinel() {
      sentinel = true;
      return this;
    }
  }

  private RedisProcess(Options options, EngineBinary binary, Path directory) {
    this.options = options;
    this.binary = binary;
    this.directory = directory;
    this.engine = EngineProcess.startOnFreePort(settings());
  }

  private EngineSettings settings() {
    List<String> lines = new ArrayList<>(options.linesAtStart.get());
    lines.addAll(options.lines);
    return new EngineSettings(binary, directory, options.password, lines);
  }

  /**
   * Starts the newest engine and returns when it answers.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if it does not
   */
  public static RedisProcess start() {
    return start(it -> {});
  }

  /**
   * Starts an engine on a free port and returns when it answers.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if it does not
   */
  public static RedisProcess start(Consumer<Options> options) {
    var chosen = new Options();
    options.accept(chosen);
    EngineBinary binary = chosen.binary == null ? EngineBinary.newest() : chosen.binary;
    Path directory;
    try {
      directory = Files.createTempDirectory("larder-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return new RedisProcess(
          chosen, chosen.sentinel ? sentinel(binary, directory) : binary, directory);
    } catch (RuntimeException | Error e) {
      delete(directory);
      throw e;
    }
  }

  /** The same engine by another name: by its name it knows that it is to be a Sentinel. */
  private static EngineBinary sentinel(EngineBinary binary, Path directory) {
    String name = binary.product() == EngineBinary.Product.VALKEY ? "valkey" : "redis";
    Path link = directory.resolve(name + "-sentinel");
    try {
      Files.createSymbolicLink(link, binary.path().toAbsolutePath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new EngineBinary(binary.product(), binary.version(), link, binary.origin());
  }

  /** {@code redis://127.0.0.1:port}, with the password if there is one. */
  public String uri() {
    return engine.uri();
  }

  /** The port on 127.0.0.1, the same over restarts. */
  public int port() {
    return engine.port();
  }

  /** The engine's process; another one after a restart. */
  public long pid() {
    return engine.pid();
  }

  /** The engine that runs. */
  public EngineBinary binary() {
    return binary;
  }

  /** Whether its process lives, be it paused. */
  public boolean isAlive() {
    return engine.isAlive();
  }

  /** Whether it can answer: it lives, and is not paused. */
  boolean isRunning() {
    return isAlive() && !paused;
  }

  /**
   * Runs one command on a connection of its own, within ten seconds. The elements of an array come
   * one a line, nil as {@code (nil)}.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if the engine answers an error or not at all
   */
  public String command(String... command) {
    return engine.command(command);
  }

  /** Kills it at once (SIGKILL); it is gone when this returns. */
  public void kill() {
    engine.kill();
  }

  /** Stops it in its tracks (SIGSTOP): connections stay open, nothing answers. */
  public void pause() {
    signal("STOP");
    paused = true;
  }

  /** Lets it go on after {@link #pause()} (SIGCONT); without one does nothing. */
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
   * Starts it again on the same port and directory, ending it first if it lives.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if it does not answer
   */
  public void restart() {
    engine.close();
    paused = false;
    engine = EngineProcess.start(settings(), engine.port());
  }

  /** Ends it and deletes its directory; does nothing the second time. */
  @Override
  public void close() {
    engine.close();
    delete(directory);
  }

  private static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return engine.toString();
  }
}

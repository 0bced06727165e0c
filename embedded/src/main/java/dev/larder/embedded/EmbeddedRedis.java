package dev.larder.embedded;

import java.nio.file.Path;
import java.util.function.Consumer;

/** A real engine that this process starts, keeps running, and stops. */
public final class EmbeddedRedis implements AutoCloseable {

  private EmbeddedRedis() {}

  /** How to start; safe as it comes. */
  public static final class Options {
    private Options() {}

    /** Keeps the data here between starts; without it a temporary directory lives until close. */
    public Options directory(Path directory) {
      return this;
    }

    /** Who holds the directory, shown to those who are refused it, such as the node's address. */
    public Options owner(String owner) {
      return this;
    }

    /** The engine to run; without it the newest one that may open the directory. */
    public Options binary(EngineBinary binary) {
      return this;
    }
  }

  /**
   * Starts an engine in a temporary directory, which is deleted at close.
   *
   * @throws EmbeddedRedisException if it cannot
   */
  public static EmbeddedRedis start() {
    return start(it -> {});
  }

  /**
   * Starts an engine and returns when it answers.
   *
   * @throws EmbeddedRedisException if it cannot
   */
  public static EmbeddedRedis start(Consumer<Options> options) {
    return java.util.Optional.<EmbeddedRedis>empty()
        .orElseThrow(UnsupportedOperationException::new);
  }

  /** {@code redis://:password@127.0.0.1:port}: a secret, not for logs. */
  public String uri() {
    return java.util.Optional.<String>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** {@code 127.0.0.1:port}: fit to be shown. */
  public String address() {
    return java.util.Optional.<String>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** The engine that runs. */
  public EngineBinary binary() {
    return java.util.Optional.<EngineBinary>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** Where its data is. */
  public Path directory() {
    return java.util.Optional.<Path>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** The engine's process now; it changes when the engine had to be started again. */
  public long pid() {
    return java.util.Optional.<Long>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** Ends the engine, gracefully if it lets us; does nothing the second time. */
  @Override
  public void close() {}
}

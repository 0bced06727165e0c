package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.function.Consumer;

/** An engine that a test may kill, pause and start again; nothing supervises it. */
public final class RedisProcess implements AutoCloseable {

  private RedisProcess() {}

  /** How to start; without any: the newest engine, no password, nothing persisted. */
  public static final class Options {
    private Options() {}

    /** The engine to run. */
    public Options binary(EngineBinary binary) {
      return this;
    }

    /** A password that clients must give. */
    public Options password(String password) {
      return this;
    }

    /** Keeps data over {@link RedisProcess#restart()}, every write flushed before its answer. */
    public Options appendOnly() {
      return this;
    }

    /** One more line of redis.conf, such as {@code maxmemory 10mb}. */
    public Options config(String line) {
      return this;
    }
  }

  /** Starts the newest engine and returns when it answers. */
  public static RedisProcess start() {
    return start(it -> {});
  }

  /** Starts an engine on a free port and returns when it answers. */
  public static RedisProcess start(Consumer<Options> options) {
    return java.util.Optional.<RedisProcess>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** {@code redis://127.0.0.1:port}, with the password if there is one. */
  public String uri() {
    return java.util.Optional.<String>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** The port, the same over restarts. */
  public int port() {
    return java.util.Optional.<Integer>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** The engine's process. */
  public long pid() {
    return java.util.Optional.<Long>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** The engine that runs. */
  public EngineBinary binary() {
    return java.util.Optional.<EngineBinary>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** Runs one command on a connection of its own; arrays are flattened to one line an element. */
  public String command(String... command) {
    return java.util.Optional.<String>empty().orElseThrow(UnsupportedOperationException::new);
  }

  /** Kills it at once (SIGKILL) and returns when it is gone. */
  public void kill() {}

  /** Stops its clock (SIGSTOP): connections stay open, nothing answers. */
  public void pause() {}

  /** Lets it go on after {@link #pause()} (SIGCONT). */
  public void resume() {}

  /** Starts it again on the same port and directory, ending it first if it lives. */
  public void restart() {}

  /** Ends it and deletes its directory. */
  @Override
  public void close() {}
}

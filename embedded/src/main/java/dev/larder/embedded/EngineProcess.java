package dev.larder.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * One run of an engine on loopback, under a guard that ends it when this JVM ends, however it ends.
 * Nothing starts it again: that is what {@link EmbeddedRedis} adds.
 */
public final class EngineProcess implements AutoCloseable {
  static final String LOG = "redis.log";
  private static final String GUARD = "guard.sh";
  private static final String CONF = "redis.conf";
  private static final String OUTPUT = "redis.out";
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final int PORT_TRIES = 20;
  // Below the ports that systems lend to outgoing connections: a client that reconnects to a dead
  // engine's port could otherwise be lent that very port, and connect to itself.
  private static final int FIRST_PORT = 20_000;
  private static final int LAST_PORT = 32_000;
  // The same goes for the bus of a Cluster's node, which other nodes reconnect to.
  private static final int CLUSTER_BUS = 10_000;
  private static final int LAST_CLUSTER_PORT = 22_700;

  private final EngineSettings settings;
  private final int port;
  private final Process guard;
  private final Future<Process> guardEnd;
  private final ProcessIdentity engine;
  private final long logStart;

  /** Somebody else has the port. */
  static final class PortTaken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PortTaken(int port) {
      super("port " + port + " is taken");
    }
  }

  private EngineProcess(
      EngineSettings settings, int port, Process guard, ProcessIdentity engine, long logStart) {
    this.settings = settings;
    this.port = port;
    this.guard = guard;
    this.guardEnd = guard.onExit();
    this.engine = engine;
    this.logStart = logStart;
  }

  /**
   * Starts an engine on a port that is free and returns when it answers.
   *
   * @throws EmbeddedRedisException if it does not
   */
  public static EngineProcess startOnFreePort(EngineSettings settings) {
    return startOnFreePort(settings, it -> {});
  }

  /** As above; tells of each process before it waits for its answer. */
  static EngineProcess startOnFreePort(
      EngineSettings settings, Consumer<EngineProcess> beforeAnswer) {
    for (int i = 1; ; i++) {
      int port = freePort(settings.directives().contains("cluster-enabled yes"));
      try {
        return start(settings, port, beforeAnswer);
      } catch (PortTaken e) {
        // Between our look and the engine's start somebody else took it.
        if (i == PORT_TRIES) {
          throw new EmbeddedRedisException("found no free port on 127.0.0.1", e);
        }
      }
    }
  }

  /**
   * Starts an engine on a given port and returns when it answers.
   *
   * @throws EmbeddedRedisException if it does not
   */
  public static EngineProcess start(EngineSettings settings, int port) {
    try {
      return start(settings, port, it -> {});
    } catch (PortTaken e) {
      throw new EmbeddedRedisException("port " + port + " on 127.0.0.1 is taken", e);
    }
  }

  static EngineProcess start(
      EngineSettings settings, int port, Consumer<EngineProcess> beforeAnswer) {
    EngineProcess process = spawn(settings, port);
    try {
      beforeAnswer.accept(process);
      process.awaitAnswer();
      return process;
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  private static EngineProcess spawn(EngineSettings settings, int port) {
    Path directory = settings.directory();
    try {
      PrivateFiles.write(directory.resolve(CONF), settings.redisConf(port));
      PrivateFiles.write(directory.resolve(GUARD), guardScript());
      Path log = directory.resolve(LOG);
      long logStart = Files.exists(log) ? Files.size(log) : 0;
      var builder =
          new ProcessBuilder(
                  "/bin/sh",
                  directory.resolve(GUARD).toAbsolutePath().toString(),
                  settings.binary().path().toAbsolutePath().toString(),
                  directory.resolve(CONF).toAbsolutePath().toString())
              .directory(directory.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      // An invalid locale in the environment keeps Redis 7.2 and newer from starting.
      builder.environment().put("LC_ALL", "C");
      Process guard = builder.start();
      try (var out =
          new BufferedReader(
              new InputStreamReader(guard.getInputStream(), StandardCharsets.US_ASCII))) {
        String pid = out.readLine();
        if (pid == null) {
          throw new EmbeddedRedisException("cannot start " + settings + output(directory));
        }
        var engine =
            ProcessIdentity.of(Long.parseLong(pid))
                .orElse(new ProcessIdentity(Long.parseLong(pid), "already ended"));
        return new EngineProcess(settings, port, guard, engine, logStart);
      } catch (IOException | RuntimeException e) {
        guard.getOutputStream().close();
        throw e;
      }
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot start " + settings + ": " + e.getMessage(), e);
    }
  }

  private void awaitAnswer() {
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (true) {
      try (var socket = new RespSocket(port, settings.password(), Duration.ofSeconds(2))) {
        socket.command("PING");
        // On a port that somebody else has, ours is about to give up.
        if (socket.command("INFO", "server").contains("process_id:" + pid() + "\r")) {
          return;
        }
      } catch (RespSocket.ErrorReply e) {
        if (e.isLoading()) {
          // However large the data is: it says that it is at work.
          deadline = System.nanoTime() + ANSWER.toNanos();
        }
      } catch (IOException e) {
        // Not yet.
      }
      if (endedWithin(Duration.ofMillis(20))) {
        throw endedTooEarly();
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new EmbeddedRedisException("interrupted while waiting for " + settings);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new EmbeddedRedisException(
            settings + " does not answer on 127.0.0.1:" + port + logTail());
      }
    }
  }

  private RuntimeException endedTooEarly() {
    String log = logTail();
    return log.contains("Address already in use") || log.contains("listening on port")
        ? new PortTaken(port)
        : new EmbeddedRedisException(settings + " ended before it answered" + log);
  }

  private String logTail() {
    try (InputStream log = Files.newInputStream(settings.directory().resolve(LOG))) {
      log.skipNBytes(logStart);
      List<String> lines =
          new String(log.readAllBytes(), StandardCharsets.UTF_8).strip().lines().toList();
      String last = String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
      return (last.isEmpty() ? "" : "; its log says:\n" + last) + output(settings.directory());
    } catch (IOException e) {
      return output(settings.directory());
    }
  }

  private static String output(Path directory) {
    try {
      String output = Files.readString(directory.resolve(OUTPUT), StandardCharsets.UTF_8).strip();
      return output.isEmpty() ? "" : "; it printed: " + output;
    } catch (IOException e) {
      return "";
    }
  }

  /** The port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** The engine's process. */
  public long pid() {
    return engine.pid();
  }

  /** Whether the engine's process lives. */
  public boolean isAlive() {
    return engine.isAlive();
  }

  ProcessIdentity identity() {
    return engine;
  }

  /** {@code redis://:password@127.0.0.1:port}: a secret where there is a password. */
  public String uri() {
    return settings.uri(port);
  }

  /**
   * Runs one command on a connection of its own, within ten seconds. The elements of an array come
   * one a line, nil as {@code (nil)}.
   *
   * @throws EmbeddedRedisException if the engine answers an error, or not at all
   */
  public String command(String... command) {
    try (var socket = new RespSocket(port, settings.password(), Duration.ofSeconds(10))) {
      return socket.command(command);
    } catch (IOException e) {
      throw new EmbeddedRedisException(command[0] + ": " + e.getMessage(), e);
    }
  }

  /** Waits until the engine or its guard has ended. */
  void awaitEnd() throws InterruptedException {
    guard.waitFor();
  }

  /** Kills the engine at once (SIGKILL); it is gone when this returns. */
  public void kill() {
    engine.kill();
    endedWithin(GRACE);
  }

  /** Ends it gracefully; after ten seconds, at once. Does nothing if it has ended. */
  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      // The guard has gone already.
    }
    endedWithin(GRACE);
    // Still there only if it would not end, or if its guard was killed.
    engine.end(GRACE);
    endedWithin(Duration.ofSeconds(2));
  }

  private boolean endedWithin(Duration time) {
    return Patience.await(guardEnd, time);
  }

  private static int freePort(boolean cluster) {
    int last = cluster ? LAST_CLUSTER_PORT : LAST_PORT;
    for (int i = 0; i < 1000; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, last);
      try (var probe = new ServerSocket();
          var bus = new ServerSocket()) {
        probe.bind(RespSocket.loopback(port));
        if (cluster) {
          bus.bind(RespSocket.loopback(port + CLUSTER_BUS));
        }
        return port;
      } catch (IOException e) {
        // Taken: try another.
      }
    }
    throw new EmbeddedRedisException(
        "found no free port on 127.0.0.1 from " + FIRST_PORT + " to " + last);
  }

  private static String guardScript() throws IOException {
    try (InputStream script = EngineProcess.class.getResourceAsStream(GUARD)) {
      if (script == null) {
        throw new IOException("the resource " + GUARD + " is missing");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public String toString() {
    return settings.binary() + " on 127.0.0.1:" + port;
  }
}

package dev.larder.redis.lettuce;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.RedisUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A redis-server process on loopback, with every write on disk before it is acknowledged. */
final class RealRedis implements AutoCloseable {
  private final String binary;
  private final List<String> settings;
  private final Path directory;
  private final int port;
  private @Nullable Process process;

  private RealRedis(String binary, List<String> settings) {
    this.binary = binary;
    this.settings = settings;
    this.port = freePort();
    try {
      this.directory = Files.createTempDirectory("larder-core-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    restart();
  }

  /** The redis-server of the PATH. */
  static RealRedis started(String... settings) {
    return new RealRedis("redis-server", List.of(settings));
  }

  /** The Redis 6.2 that the embedded-redis artifact carries. */
  static RealRedis bundled() {
    try (InputStream in =
        RealRedis.class.getResourceAsStream("/redis-server-6.2.6-v5-linux-amd64")) {
      if (in == null) {
        throw new IllegalStateException("embedded-redis is not on the class path");
      }
      Path binary = Files.createTempFile("redis-server-6.2", "");
      binary.toFile().deleteOnExit();
      Files.write(binary, in.readAllBytes());
      if (!binary.toFile().setExecutable(true)) {
        throw new IllegalStateException(binary + " cannot be made executable");
      }
      return new RealRedis(binary.toString(), List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  Path directory() {
    return directory;
  }

  RedisUri uri() {
    return RedisUri.parse("redis://127.0.0.1:" + port);
  }

  /** Starts the process again, on the same port and data. */
  void restart() {
    List<String> command =
        new ArrayList<>(List.of(binary, "--port", "" + port, "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", directory.toString(), "--save", "", "--appendonly", "yes"));
    command.addAll(List.of("--appendfsync", "always"));
    command.addAll(settings);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await().atMost(20, SECONDS).until(this::answers);
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      int first = socket.getInputStream().read();
      int second = socket.getInputStream().read();
      return first == '+' || (first == '-' && second == 'N'); // NOAUTH will do, LOADING will not
    } catch (IOException e) {
      return false;
    }
  }

  /** SIGKILL. */
  void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().onExit().join();
    }
  }

  /** SIGSTOP: it keeps its connections, and answers nothing. */
  void pause() {
    signal("-STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("-CONT");
  }

  private void signal(String signal) {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("not running");
    }
    try {
      new ProcessBuilder("kill", signal, "" + running.pid()).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // A node of a Cluster listens 10,000 above its port, too.
      return socket.getLocalPort() > 55_000
          ? socket.getLocalPort() - 20_000
          : socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

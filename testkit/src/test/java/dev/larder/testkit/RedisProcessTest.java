package dev.larder.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.embedded.EmbeddedRedisException;
import dev.larder.embedded.EngineBinary;
import dev.larder.embedded.EngineVersion;
import dev.larder.testkit.relay.TcpRelay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedisProcessTest {
  @ParameterizedTest
  @MethodSource("dev.larder.testkit.Engines#each")
  void runsTheChosenEngine(EngineBinary binary) {
    try (var redis = RedisProcess.start(it -> it.binary(binary))) {
      assertThat(redis.uri()).isEqualTo("redis://127.0.0.1:" + redis.port());
      assertThat(redis.command("INFO", "server")).contains("_version:" + binary.version());
    }
  }

  @Test
  void forgetsItsDataOverARestart() {
    try (var redis = RedisProcess.start()) {
      int port = redis.port();
      redis.command("SET", "a", "1");
      redis.kill();
      assertThatExceptionOfType(EmbeddedRedisException.class)
          .isThrownBy(() -> redis.command("PING"));
      redis.restart();
      assertThat(redis.port()).isEqualTo(port);
      assertThat(redis.command("GET", "a")).isEqualTo("(nil)");
    }
  }

  @Test
  void keepsItsDataOverARestartIfAppendOnly() {
    try (var redis = RedisProcess.start(RedisProcess.Options::appendOnly)) {
      redis.command("SET", "a", "1");
      redis.kill();
      redis.restart();
      assertThat(redis.command("GET", "a")).isEqualTo("1");
    }
  }

  @Test
  void answersNothingWhilePaused() throws IOException {
    try (var redis = RedisProcess.start();
        var socket =
            new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), redis.port())) {
      redis.pause();
      socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
      socket.setSoTimeout(200);
      assertThatExceptionOfType(SocketTimeoutException.class)
          .isThrownBy(() -> socket.getInputStream().read());
      redis.resume();
      socket.setSoTimeout(10_000);
      assertThat(socket.getInputStream().readNBytes(7)).asString().isEqualTo("+PONG\r\n");
    }
  }

  @Test
  void endsWhenClosedThoughPaused() {
    var redis = RedisProcess.start();
    long pid = redis.pid();
    redis.pause();
    redis.close();
    redis.close();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void takesAPasswordAndLinesOfConfiguration() {
    try (var redis = RedisProcess.start(it -> it.password("secret-1").config("maxmemory 10mb"))) {
      assertThat(redis.uri()).isEqualTo("redis://:secret-1@127.0.0.1:" + redis.port());
      assertThat(redis.command("CONFIG", "GET", "maxmemory")).isEqualTo("maxmemory\n10485760");
      assertThat(redis.toString()).doesNotContain("secret-1");
    }
  }

  @Test
  void refusesWhatWouldMeanSomethingElseInTheConfiguration() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisProcess.start(it -> it.config("maxmemory 1\nport 1")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisProcess.start(it -> it.password("two words")));
  }

  @Test
  void saysWhatTheEngineSaidOfABadLine() {
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> RedisProcess.start(it -> it.config("no-such-thing 1")))
        .withMessageContaining("no-such-thing");
  }

  @ParameterizedTest
  @MethodSource("dev.larder.testkit.Engines#each")
  void speaksTlsAndNothingElse(EngineBinary binary) throws IOException {
    try (var redis = RedisProcess.start(it -> it.binary(binary).password("secret-1").tls())) {
      assertThat(redis.uri()).isEqualTo("rediss://:secret-1@127.0.0.1:" + redis.port());
      assertThat(redis.command("PING")).isEqualTo("PONG");
      try (var client =
          TestCertificate.clientContext()
              .getSocketFactory()
              .createSocket("127.0.0.1", redis.port())) {
        client.setSoTimeout(10_000);
        client.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
        assertThat(client.getInputStream().readNBytes(7)).asString().isEqualTo("-NOAUTH");
      }
      assertThat(Files.readString(TestCertificate.authority())).startsWith("-----BEGIN CERT");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> redis.connect(it -> it.tls(null).password("")).text("PING"));
    }
  }

  @Test
  void saysSoWhereAnEngineWasBuiltWithoutTls(@TempDir Path scratch) throws IOException {
    // What Redis 6.2 says then.
    Path engine =
        Files.writeString(
            scratch.resolve("redis-server"),
            """
            #!/bin/sh
            echo "*** FATAL CONFIG FILE ERROR (Redis 6.2.6) ***"
            echo "Reading the configuration file, at line 4"
            echo ">>> 'tls-port 20000'"
            echo "Bad directive or wrong number of arguments"
            exit 1
            """);
    assertThat(engine.toFile().setExecutable(true)).isTrue();
    var binary =
        new EngineBinary(
            EngineBinary.Product.REDIS,
            EngineVersion.parse("6.2.6"),
            engine,
            EngineBinary.Origin.PATH);
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> RedisProcess.start(it -> it.binary(binary).tls()))
        .withMessage(binary + " was built without TLS: choose another engine, or leave out tls()");
  }

  @Test
  void keepsItsPortWhileItIsDeadHoweverManyOthersStart() {
    List<AutoCloseable> others = new ArrayList<>();
    try (var redis = RedisProcess.start()) {
      int port = redis.port();
      redis.kill();
      for (int i = 0; i < 10; i++) {
        others.add(RedisProcess.start());
      }
      for (int i = 0; i < 200; i++) {
        others.add(TcpRelay.to(port));
      }
      redis.restart();
      assertThat(redis.port()).isEqualTo(port);
      assertThat(redis.command("PING")).isEqualTo("PONG");
    } finally {
      others.parallelStream()
          .forEach(
              it -> {
                try {
                  it.close();
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
    }
  }

  @Test
  void leavesNoDirectoryWhenClosed() {
    Path directory;
    try (var redis = RedisProcess.start()) {
      directory = redis.directory();
      assertThat(directory).isDirectory();
    }
    assertThat(directory).doesNotExist();
  }
}

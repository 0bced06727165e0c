package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.larder.embedded.net.Loopback;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class EngineProcessTest {
  private final EngineBinary binary = EngineBinary.newest();
  @TempDir Path temp;

  @Test
  void answersOnlyWhenItHasLoadedItsData() {
    List<String> persistent = List.of("appendonly yes", "appendfsync always");
    try (var engine = EngineProcess.startOnFreePort(settings(persistent))) {
      engine.command(
          "EVAL",
          "for i = 1, 3000 do redis.call('SET', 'key' .. i, string.rep('x', 100)) end",
          "0");
    }
    // Half a millisecond a key, so that it is met while it loads; before 7.0 it looks up too seldom
    // to be met.
    List<String> slow =
        binary.version().isAtLeast(7, 0)
            ? List.of(
                "appendonly yes",
                "key-load-delay 500",
                "loading-process-events-interval-bytes 1024")
            : List.of("appendonly yes", "key-load-delay 500");
    try (var engine = EngineProcess.startOnFreePort(settings(slow))) {
      assertThat(engine.command("DBSIZE")).isEqualTo("3000");
    }
  }

  @Test
  void refusesAPortThatSomebodyElseHas() throws IOException {
    try (var other = new ServerSocket()) {
      other.bind(Loopback.address(0));
      assertTaken(other.getLocalPort());
    }
  }

  @Test
  void takesNoOtherEngineForItsOwn() throws IOException {
    var settings =
        new EngineSettings(binary, Files.createDirectory(temp.resolve("other")), "", List.of());
    try (var other = EngineProcess.startOnFreePort(settings)) {
      assertTaken(other.port());
      assertThat(other.command("PING")).isEqualTo("PONG");
    }
  }

  private void assertTaken(int port) {
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(() -> EngineProcess.start(settings(List.of()), port))
        .withMessage("port " + port + " on 127.0.0.1 is taken");
  }

  @Test
  void keepsItsPortWhileItIsDeadAndOverARestart() throws IOException {
    EngineProcess engine = EngineProcess.startOnFreePort(settings(List.of()));
    try {
      int port = engine.port();
      engine.kill();
      assertReserved(port);
      engine = engine.restart(settings(List.of("maxmemory 10mb")));
      assertThat(engine.port()).isEqualTo(port);
      assertThat(engine.command("CONFIG", "GET", "maxmemory")).contains("10485760");
      engine.kill();
      assertReserved(port);
    } finally {
      engine.close();
    }
    try (var free = new DatagramSocket(Loopback.address(engine.port()))) {
      assertThat(free.isBound()).isTrue();
    }
  }

  private static void assertReserved(int port) {
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> new DatagramSocket(Loopback.address(port)));
  }

  private EngineSettings settings(List<String> directives) {
    return new EngineSettings(binary, temp, "", directives);
  }
}

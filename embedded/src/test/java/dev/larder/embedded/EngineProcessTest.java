package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
      other.bind(RespSocket.loopback(0));
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

  /**
   * Where the guard finds no {@code setsid}, as on a Mac, and where it finds neither that nor Perl.
   */
  enum Tools {
    PERL,
    NONE
  }

  @ParameterizedTest
  @EnumSource
  void isGuardedWithFewerTools(Tools tools) throws Exception {
    Path bin = Files.createDirectory(temp.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("sleep"), Path.of("/bin/sleep"));
    if (tools == Tools.PERL) {
      Files.createSymbolicLink(bin.resolve("perl"), Path.of("/usr/bin/perl"));
    }
    Path guard = Path.of(EngineProcess.class.getResource("guard.sh").toURI());
    var builder =
        new ProcessBuilder("/bin/sh", guard.toString(), "/bin/sleep", "600")
            .directory(temp.toFile());
    builder.environment().put("PATH", bin.toString());
    Process shell = builder.start();
    long pid = Long.parseLong(shell.inputReader().readLine());
    var engine = ProcessIdentity.of(pid).orElseThrow();
    assertThat(engine.isAlive()).isTrue();
    shell.getOutputStream().close();
    shell.waitFor();
    assertThat(engine.isAlive()).isFalse();
  }

  private EngineSettings settings(List<String> directives) {
    return new EngineSettings(binary, temp, "", directives);
  }
}

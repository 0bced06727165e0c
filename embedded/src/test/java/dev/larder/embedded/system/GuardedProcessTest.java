package dev.larder.embedded.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuardedProcessTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  @TempDir Path temp;

  /** What the guard finds on the PATH, beside {@code sleep}; a Mac has no {@code setsid}. */
  enum Tools {
    SETSID("own"),
    PERL("own"),
    NONE("shared");

    final String session;

    Tools(String session) {
      this.session = session;
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsWithItsParentWhateverToolsThereAre(Tools tools) throws Exception {
    Path bin = Files.createDirectory(temp.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("sleep"), Path.of("/bin/sleep"));
    if (tools != Tools.NONE) {
      String name = tools == Tools.SETSID ? "setsid" : "perl";
      Path tool = Path.of("/usr/bin", name);
      assumeThat(tool).exists();
      Files.createSymbolicLink(bin.resolve(name), tool);
    }
    Path guard = Path.of(GuardedProcess.class.getResource("guard.sh").toURI());
    var builder =
        new ProcessBuilder("/bin/sh", guard.toString(), "start", "out", "/bin/sleep", "600")
            .directory(temp.toFile());
    builder.environment().put("PATH", bin.toString());
    Process shell = builder.start();
    try {
      String[] answer = OutputLines.of(shell).next(LONG).orElseThrow().split(" ", 2);
      var sleeper = ProcessIdentity.of(Long.parseLong(answer[0])).orElseThrow();
      assertThat(sleeper.isAlive()).isTrue();
      assertThat(answer[1]).isEqualTo(tools.session);
      assertThat(leadsAGroup(shell.pid())).isEqualTo(tools != Tools.NONE);
      shell.getOutputStream().close();
      assertThat(shell.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(sleeper.isAlive()).isFalse();
    } finally {
      shell.destroyForcibly();
    }
  }

  private static boolean leadsAGroup(long pid) {
    return SystemCommand.run(List.of("/bin/sh", "-c", "kill -0 -" + pid)).status() == 0;
  }

  @Test
  void refusesASecondOneInItsDirectory() throws IOException {
    var first = GuardedProcess.start(temp, List.of("/bin/sleep", "600"));
    try {
      assertThat(GuardedProcess.survivor(temp)).contains(first.identity());
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> GuardedProcess.start(temp, List.of("/bin/sleep", "600")))
          .withMessage("process " + first.identity().pid() + " still runs in " + temp);
    } finally {
      assertThat(first.end()).isTrue();
    }
    assertThat(GuardedProcess.survivor(temp)).isEmpty();
  }

  @Test
  void getsNoVariableThatItDoesNotNeed() throws Exception {
    var process = GuardedProcess.start(temp, List.of("/usr/bin/env"));
    assertThat(process.endsWithin(LONG)).isTrue();
    List<String> names = new ArrayList<>();
    GuardedProcess.output(temp)
        .lines()
        .forEach(line -> names.add(line.replaceFirst("=.*", "").replaceFirst(".* ", "")));
    // Of which the last three are the shell's.
    assertThat(names)
        .contains("PATH", "LC_ALL")
        .isSubsetOf(
            "PATH",
            "HOME",
            "TMPDIR",
            "TZ",
            "LC_ALL",
            "LD_LIBRARY_PATH",
            "PWD",
            "OLDPWD",
            "SHLVL",
            "_");
  }
}

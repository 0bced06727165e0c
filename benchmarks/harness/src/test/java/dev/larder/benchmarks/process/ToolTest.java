package dev.larder.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolTest {
  @Test
  void namesEveryMissingPeerAndHowToInstallIt() {
    Tool absent = new Tool("no-such-peer", "peer-tools");
    Tool alsoAbsent = new Tool("no-such-load", "peer-tools");
    assertThatThrownBy(() -> Tool.require(List.of(absent, alsoAbsent, new Tool("sh", "dash"))))
        .isInstanceOf(BenchException.class)
        .hasMessage(
            "not installed: no-such-peer, no-such-load; on Debian: apt-get install peer-tools");
  }

  @Test
  void findsTheFirstThatCanBeRun(@TempDir Path folder) throws Exception {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    Files.createFile(
        first.resolve("peer"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    Path runnable =
        Files.createFile(
            second.resolve("peer"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    assertThat(new Tool("peer", "peer").find(List.of(first, second))).contains(runnable);
    assertThat(new Tool("other", "other").find(List.of(first, second))).isEmpty();
  }
}

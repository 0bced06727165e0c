package dev.larder.embedded.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
  private final Process process;
  private final ProcessIdentity identity;

  ProcessIdentityTest() throws Exception {
    process = new ProcessBuilder("/bin/sh", "-c", "trap '' TERM; echo up; read line").start();
    // From here on it ignores SIGTERM.
    assertThat(OutputLines.of(process).next(Duration.ofSeconds(30))).contains("up");
    identity = ProcessIdentity.of(process.pid()).orElseThrow();
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void isTheSameWheneverLooked() {
    assertThat(ProcessIdentity.of(process.pid())).contains(identity);
    assertThat(identity.isAlive()).isTrue();
  }

  @Test
  void killsWhatDoesNotEndWithinTheGrace() {
    assertThat(identity.end(Duration.ofMillis(100))).isTrue();
    assertThat(identity.isAlive()).isFalse();
    assertThat(ProcessIdentity.of(process.pid())).isEmpty();
  }

  @Test
  void leavesALaterProcessWithTheSamePidAlone() {
    var earlier = new ProcessIdentity(process.pid(), "started earlier");
    assertThat(earlier.isAlive()).isFalse();
    earlier.end(Duration.ofSeconds(1));
    earlier.kill();
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void saysWhereItMayNotKill() {
    var self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    assertThat(self.end(Duration.ofSeconds(30))).isFalse();
  }
}

package dev.larder.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.system.ProcessIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM with engines leaves behind when it is killed, and for how long. */
class LeftBehindIT {
  @TempDir Path temporary;

  @Test
  void enginesEndWithAKilledJvmAndTheirDirectoriesGoWithTheNextStart() throws Exception {
    try (var killed = Holder.start(temporary)) {
      assertThat(killed.engines()).hasSize(4).allMatch(ProcessIdentity::isAlive);
      killed.kill();
      await()
          .atMost(60, SECONDS)
          .until(() -> killed.engines().stream().noneMatch(ProcessIdentity::isAlive));
      assertGoneAfterTheNextStart(killed);
    }
  }

  @Test
  void enginesWhoseGuardsWereKilledTooGoWithTheNextStart() throws Exception {
    try (var killed = Holder.start(temporary)) {
      killed.killWithGuards();
      // But for the paused one: the system ends stopped processes of an orphaned session.
      assertThat(killed.engines().subList(0, 3)).allMatch(ProcessIdentity::isAlive);
      assertGoneAfterTheNextStart(killed);
    }
  }

  private void assertGoneAfterTheNextStart(Holder killed) throws Exception {
    assertThat(killed.directories()).hasSize(4).allMatch(Files::exists);
    try (var next = Holder.start(temporary)) {
      assertThat(killed.engines()).noneMatch(ProcessIdentity::isAlive);
      assertThat(killed.directories()).noneMatch(Files::exists);
      assertThat(next.engines()).allMatch(ProcessIdentity::isAlive);
      next.end();
      assertThat(next.engines()).noneMatch(ProcessIdentity::isAlive);
      assertThat(temporary).isEmptyDirectory();
    }
  }
}

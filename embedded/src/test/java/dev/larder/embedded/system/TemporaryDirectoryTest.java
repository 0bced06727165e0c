package dev.larder.embedded.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryDirectoryTest {
  @TempDir Path temp;

  @Test
  void isPrivateAndGoneWhenClosed() throws IOException {
    var directory = TemporaryDirectory.create();
    Files.createDirectories(directory.path().resolve("a/b"));
    assertThat(Files.getPosixFilePermissions(directory.path())).hasSize(3);
    directory.close();
    directory.close();
    assertThat(directory.path()).doesNotExist();
  }

  @Test
  void isDeletedByTheNextOneTogetherWithWhatRunsInItOnlyOnceItsOwnerHasDied() throws Exception {
    Path directory = Files.createTempDirectory("larder-").toRealPath();
    GuardedProcess survivor;
    try (var owner = DirectoryLock.acquire(directory, "the owner")) {
      survivor = GuardedProcess.start(directory, List.of("/bin/sleep", "600"));
      TemporaryDirectory.create().close();
      assertThat(survivor.identity().isAlive()).isTrue();
      owner.describe("the owner still");
    }
    TemporaryDirectory.create().close();
    assertThat(survivor.identity().isAlive()).isFalse();
    assertThat(directory).doesNotExist();
  }

  @Test
  void leavesAloneWhatIsNotProvablyItsKind() throws IOException {
    Path withoutLock = Files.createTempDirectory("larder-");
    Path open = Files.createTempDirectory("larder-");
    Files.createFile(open.resolve(DirectoryLock.FILE));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path behindLink = Files.createFile(temp.resolve(DirectoryLock.FILE));
    Path link = withoutLock.resolveSibling("larder-link-of-" + ProcessHandle.current().pid());
    Files.createSymbolicLink(link, temp);
    try {
      TemporaryDirectory.create().close();
      assertThat(withoutLock).exists();
      assertThat(open).exists();
      assertThat(behindLink).exists();
    } finally {
      Files.delete(link);
      PrivateFiles.deleteTree(withoutLock);
      PrivateFiles.deleteTree(open);
    }
  }
}

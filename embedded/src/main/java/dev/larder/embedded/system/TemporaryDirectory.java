package dev.larder.embedded.system;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for a {@link GuardedProcess} that goes with its owner: deleted at close, or, where
 * the owner was killed, by the next process that makes one, which also ends the survivor in it.
 */
public final class TemporaryDirectory implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(TemporaryDirectory.class);
  private static final String PREFIX = "larder-";
  private static final int TRIES = 100;

  private final Path path;
  private final DirectoryLock lock;

  private TemporaryDirectory(Path path, DirectoryLock lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Makes one below {@code java.io.tmpdir}, and removes what owners that have died left there.
   *
   * @throws IOException if it cannot be made
   */
  public static TemporaryDirectory create() throws IOException {
    for (int tries = 1; ; tries++) {
      Path path = Files.createTempDirectory(PREFIX, PrivateFiles.DIRECTORY).toRealPath();
      try {
        var lock = DirectoryLock.acquire(path, "process " + ProcessHandle.current().pid());
        if (Files.exists(path.resolve(DirectoryLock.FILE))) {
          removeLeftBehind(path);
          return new TemporaryDirectory(path, lock);
        }
        lock.close();
      } catch (DirectoryLock.InUse | NoSuchFileException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
      // Another process took it for one left behind, in the moment before it was locked.
    }
  }

  private static void removeLeftBehind(Path own) {
    try (var candidates = Files.newDirectoryStream(own.resolveSibling("."), PREFIX + "*")) {
      UserPrincipal user = Files.getOwner(own);
      for (Path candidate : candidates) {
        try {
          if (isPrivateTo(user, candidate)) {
            removeUnlessHeld(candidate.toRealPath());
          }
        } catch (DirectoryLock.InUse e) {
          // Its owner lives.
        } catch (IOException e) {
          log.debug("{} stays: {}", candidate, e.getMessage());
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      log.debug("looking for directories left behind: {}", e.getMessage());
    }
  }

  /** Everybody may write in a temporary directory, and make there what only looks like ours. */
  private static boolean isPrivateTo(UserPrincipal user, Path candidate) throws IOException {
    var attributes =
        Files.readAttributes(candidate, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return attributes.isDirectory()
        && attributes.owner().equals(user)
        && PosixFilePermissions.toString(attributes.permissions()).equals("rwx------")
        && Files.exists(candidate.resolve(DirectoryLock.FILE));
  }

  private static void removeUnlessHeld(Path directory) throws IOException {
    var lock = DirectoryLock.acquire(directory, "the process that deletes it");
    try (var leftBehind = new TemporaryDirectory(directory, lock)) {
      log.info("deleting {}, which an earlier run left behind", directory);
      leftBehind.survivor().ifPresent(ProcessIdentity::kill);
    }
  }

  private Optional<ProcessIdentity> survivor() throws IOException {
    return GuardedProcess.survivor(path);
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /**
   * Deletes it; does nothing the second time.
   *
   * @throws IOException if something in it cannot be deleted, or its process still runs; the next
   *     process that makes a temporary directory will try again
   */
  @Override
  public void close() throws IOException {
    try (lock) {
      Optional<ProcessIdentity> survivor = survivor();
      if (survivor.isPresent()) {
        throw new IOException("process " + survivor.get().pid() + " still runs in " + path);
      }
      deleteLockFileLast();
    }
  }

  /** As it is known by that file, should something else in it fail to be deleted. */
  private void deleteLockFileLast() throws IOException {
    try (var entries = Files.newDirectoryStream(path, it -> !it.endsWith(DirectoryLock.FILE))) {
      for (Path entry : entries) {
        PrivateFiles.deleteTree(entry);
      }
    } catch (NoSuchFileException e) {
      // Gone already.
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    PrivateFiles.deleteTree(path);
  }
}

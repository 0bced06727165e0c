package dev.larder.embedded;

import dev.larder.embedded.system.DirectoryLock;
import dev.larder.embedded.system.GuardedProcess;
import dev.larder.embedded.system.PrivateFiles;
import dev.larder.embedded.system.ProcessIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory in which an engine's data is kept, held by one process, with a record of the engine
 * that wrote it: the formats do not say it for themselves. Redis 6.2, for one, starts empty on the
 * data of 7.0 without a word.
 */
final class DataDirectory implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Path path;
  private final String owner;
  private final DirectoryLock lock;

  private DataDirectory(Path path, String owner) throws IOException {
    this.path = path;
    this.owner = owner;
    this.lock = DirectoryLock.acquire(path, owner);
  }

  /**
   * Opens a directory, making it if need be.
   *
   * @throws EmbeddedRedisException if it cannot be used, or is in use
   */
  static DataDirectory open(Path directory, String owner) {
    try {
      Files.createDirectories(directory.toAbsolutePath(), PrivateFiles.DIRECTORY);
      Path path = directory.toRealPath();
      makePrivate(path);
      return new DataDirectory(path, owner);
    } catch (IOException e) {
      throw new EmbeddedRedisException(
          "cannot use " + directory + " as the data directory: " + reason(e), e);
    }
  }

  private static void makePrivate(Path path) throws IOException {
    boolean empty;
    try (var entries = Files.newDirectoryStream(path)) {
      empty = !entries.iterator().hasNext();
    }
    // One with other things in it, perhaps a home, keeps its mode; the engine's files are private
    // each by itself.
    if (empty || Files.exists(path.resolve(DirectoryLock.FILE))) {
      try {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      } catch (FileSystemException e) {
        // Somebody else's, such as a mounted volume: it may still be good enough.
      }
    }
    if (Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new FileSystemException(path.toString(), null, "everybody may write in it");
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
      return "it is a file";
    }
    if (e instanceof AccessDeniedException) {
      return "no permission to write there";
    }
    String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
    return reason == null ? "it cannot be made there" : reason;
  }

  Path path() {
    return path;
  }

  /** Adds the engine's address to what those are told who are refused the directory. */
  void describeEngine(String address) {
    try {
      lock.describe(owner + " (its engine: " + address + ")");
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  /**
   * Ends the engine that an earlier run left behind, if there is one.
   *
   * @throws EmbeddedRedisException if it does not end, or cannot be known
   */
  void endSurvivor() {
    Optional<ProcessIdentity> survivor;
    try {
      survivor = GuardedProcess.survivor(path);
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot open " + path + ": " + e.getMessage(), e);
    }
    survivor.ifPresent(
        it -> {
          log.info("ending the engine (process {}) that an earlier run left behind", it.pid());
          if (!it.end(GRACE)) {
            throw new EmbeddedRedisException(
                "cannot open "
                    + path
                    + ": the engine that an earlier run left behind, process "
                    + it.pid()
                    + ", does not end, and two would spoil each other's files: end it first");
          }
        });
  }

  /**
   * Why an engine must not be started on the data; empty where it may.
   *
   * @throws EmbeddedRedisException if the directory's record or its files cannot be read
   */
  Optional<String> refusal(EngineBinary engine) {
    return EngineRecord.readFrom(path)
        .flatMap(
            it -> Upgrades.refusal(it.product(), it.version(), engine.product(), engine.version()))
        .or(() -> files().refusal(engine));
  }

  private DataFiles files() {
    try {
      return DataFiles.in(path);
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot read " + path + ": " + reason(e), e);
    }
  }

  /** Records which engine writes the data from now on. */
  void record(EngineBinary engine) {
    try {
      EngineRecord.of(engine).writeTo(path);
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  private EmbeddedRedisException cannotWrite(IOException e) {
    return new EmbeddedRedisException("cannot write in " + path + ": " + reason(e), e);
  }

  /** Releases the directory. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}

package dev.larder.embedded;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/**
 * The directory of an engine's data, held by one process, which remembers which engine wrote it.
 * The memory is a file beside the data, because the formats do not say it for themselves: Redis
 * 6.2, for one, starts empty on the data of 7.0 without a word.
 */
final class DataDirectory implements AutoCloseable {
  private static final String MEMORY = "engine.properties";

  private final Path path;
  private final boolean temporary;
  private final String owner;
  private final DirectoryLock lock;

  /** The engine that wrote the data, and the process that may still be at it. */
  record Memory(
      EngineBinary.Product product, EngineVersion version, Optional<ProcessIdentity> process) {

    static Memory of(EngineBinary binary, Optional<ProcessIdentity> process) {
      return new Memory(binary.product(), binary.version(), process);
    }
  }

  private DataDirectory(Path path, boolean temporary, String owner) throws IOException {
    this.path = path;
    this.temporary = temporary;
    this.owner = owner;
    this.lock = DirectoryLock.acquire(path, owner);
  }

  /** Makes a directory that {@link #close()} deletes. */
  static DataDirectory temporary(String owner) {
    try {
      Path path = Files.createTempDirectory("larder-", PrivateFiles.DIRECTORY).toRealPath();
      return new DataDirectory(path, true, owner);
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot make a temporary directory: " + reason(e), e);
    }
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
      return new DataDirectory(path, false, owner);
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

  boolean isTemporary() {
    return temporary;
  }

  /** Adds the engine's address to what those are told who are refused the directory. */
  void describeEngine(String address) {
    try {
      lock.describe(owner + " (its engine: " + address + ")");
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot write in " + path + ": " + reason(e), e);
    }
  }

  Optional<Memory> memory() {
    var memory = new Properties();
    try (var file = Files.newBufferedReader(path.resolve(MEMORY))) {
      memory.load(file);
      return Optional.of(
          new Memory(
              EngineBinary.Product.valueOf(memory.getProperty("product", "")),
              EngineVersion.parse(memory.getProperty("version", "")),
              Optional.ofNullable(memory.getProperty("pid"))
                  .map(
                      pid ->
                          new ProcessIdentity(
                              Long.parseLong(pid), memory.getProperty("started", "")))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new EmbeddedRedisException(
          "cannot read "
              + path.resolve(MEMORY)
              + ", which says what engine wrote the data; if it is still the same one, delete the file",
          e);
    }
  }

  void remember(Memory memory) {
    var properties = new Properties();
    properties.setProperty("product", memory.product().name());
    properties.setProperty("version", memory.version().toString());
    memory
        .process()
        .ifPresent(
            it -> {
              properties.setProperty("pid", Long.toString(it.pid()));
              properties.setProperty("started", it.started());
            });
    var text = new StringWriter();
    try {
      properties.store(text, "Which engine wrote this directory");
      PrivateFiles.write(path.resolve(MEMORY), text.toString());
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot write in " + path + ": " + reason(e), e);
    }
  }

  /** Lets go of the directory, and deletes it if it is temporary. */
  @Override
  public void close() {
    if (temporary) {
      PrivateFiles.deleteTree(path);
    }
    try {
      lock.close();
    } catch (IOException e) {
      throw new EmbeddedRedisException("cannot let go of " + path + ": " + reason(e), e);
    }
  }
}

package dev.larder.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One holder a data directory; the lock file says who. The system drops it with the process. */
final class DirectoryLock implements AutoCloseable {
  static final String FILE = "larder.lock";

  // A POSIX lock belongs to the whole process, and closing any descriptor of the file drops it:
  // within this JVM the file must not even be opened a second time.
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * @param directory its real path
   * @throws EmbeddedRedisException if it has a holder, which the message names
   */
  static DirectoryLock acquire(Path directory, String owner) throws IOException {
    String holder = HELD.putIfAbsent(directory, owner);
    if (holder != null) {
      throw refusal(directory, holder);
    }
    FileChannel channel = null;
    try {
      Path file = directory.resolve(FILE);
      channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (lock(channel) == null) {
        throw refusal(directory, Files.readString(file).strip());
      }
      var lock = new DirectoryLock(directory, channel);
      lock.describe(owner);
      return lock;
    } catch (IOException | RuntimeException e) {
      HELD.remove(directory);
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by another class loader's copy of this class.
      return null;
    }
  }

  private static EmbeddedRedisException refusal(Path directory, String holder) {
    return new EmbeddedRedisException(
        directory
            + " is in use by "
            + (holder.isEmpty() ? "another process" : holder)
            + ": stop that one first, or choose another directory");
  }

  /** Says who holds it, for those who will be refused. */
  void describe(String holder) throws IOException {
    HELD.put(directory, holder);
    ByteBuffer text = ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8));
    channel.truncate(0).position(0);
    while (text.hasRemaining()) {
      channel.write(text);
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.truncate(0);
      channel.close();
      HELD.remove(directory);
    }
  }
}

package dev.larder.embedded.system;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One holder a directory; the lock file says who. The system releases it with the process.
 *
 * <p>A POSIX lock belongs to the whole process, and closing any descriptor of the file releases it.
 * Within a JVM the file must therefore not even be opened a second time, whichever class loader
 * this class comes from: who holds what is written in the system properties, which all share.
 */
public final class DirectoryLock implements Closeable {
  /** The lock file's name. */
  public static final String FILE = "larder.lock";

  // Who holds what: a line of the directory's URI and the holder for each. One property that always
  // stays, as others read all properties one by one while this changes.
  private static final String HELD = "dev.larder.embedded.locks";
  // Channels of files that this JVM turned out to hold already: closed, they would release the
  // lock.
  private static final Set<FileChannel> NEVER_CLOSED = ConcurrentHashMap.newKeySet();

  private final String key;
  private final FileChannel channel;

  /** The directory has a holder. */
  public static final class InUse extends FileSystemException {
    private static final long serialVersionUID = 1L;

    InUse(Path directory, String holder) {
      super(
          directory.toString(),
          null,
          "it is in use by "
              + (holder.isEmpty() ? "another process" : holder)
              + ": stop that one first, or choose another directory");
    }
  }

  private DirectoryLock(String key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * Locks a directory.
   *
   * @param directory its real path
   * @param owner who shall hold it, for those who will be refused it
   * @throws InUse if it has a holder, which the reason names
   * @throws IOException if the lock file cannot be written
   */
  public static DirectoryLock acquire(Path directory, String owner) throws IOException {
    String key = directory.toUri().toString();
    String holder = held(it -> it.putIfAbsent(key, oneLine(owner)));
    if (holder != null) {
      throw new InUse(directory, holder);
    }
    try {
      var lock = new DirectoryLock(key, lock(directory));
      lock.describe(owner);
      return lock;
    } catch (IOException | RuntimeException | Error e) {
      held(it -> it.remove(key));
      throw e;
    }
  }

  /** Reads or changes who holds what, in one step; holders by their directory's URI. */
  private static @Nullable String held(Function<Map<String, String>, @Nullable String> action) {
    var answer = new AtomicReference<@Nullable String>();
    System.getProperties()
        .compute(
            HELD,
            (name, lines) -> {
              Map<String, String> holders = new LinkedHashMap<>();
              Objects.toString(lines, "")
                  .lines()
                  .map(line -> line.split(" ", 2))
                  .forEach(line -> holders.put(line[0], line[1]));
              answer.set(action.apply(holders));
              return holders.entrySet().stream()
                  .map(it -> it.getKey() + " " + it.getValue())
                  .collect(Collectors.joining("\n"));
            });
    return answer.get();
  }

  private static String oneLine(String holder) {
    return holder.replaceAll("\\R", " ");
  }

  private static FileChannel lock(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    var channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      if (channel.tryLock() == null) {
        throw new InUse(directory, Files.readString(file).strip());
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      // Somebody has replaced the system properties.
      NEVER_CLOSED.add(channel);
      throw new InUse(directory, "this process");
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  /** Says who holds it, for those who will be refused. */
  public void describe(String holder) throws IOException {
    held(it -> it.put(key, oneLine(holder)));
    ByteBuffer text = ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8));
    channel.truncate(0).position(0);
    while (text.hasRemaining()) {
      channel.write(text);
    }
  }

  /** Releases it; does nothing the second time. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      try (channel) {
        channel.truncate(0);
      } finally {
        held(it -> it.remove(key));
      }
    }
  }
}

package dev.larder.embedded.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;

/**
 * A process that cannot be mistaken for a later one with the same pid.
 *
 * @param pid its number
 * @param started when it started, in a form that is only good for comparing
 */
public record ProcessIdentity(long pid, String started) {
  private static final Path PROC = Path.of("/proc");
  private static final int STATE = 0;
  private static final int START_TICKS = 19;
  private static final Duration KILL = Duration.ofSeconds(5);

  /** The process that has this pid now; empty if none lives. */
  public static Optional<ProcessIdentity> of(long pid) {
    return started(pid).map(it -> new ProcessIdentity(pid, it));
  }

  /** Whether the pid still means the same process, and it lives. */
  public boolean isAlive() {
    return started(pid).filter(started::equals).isPresent();
  }

  /**
   * Asks it to end (SIGTERM) and kills it (SIGKILL) if it has not within the grace.
   *
   * @return whether it is gone: false only where this JVM may not kill it
   */
  public boolean end(Duration grace) {
    signal(ProcessHandle::destroy, grace);
    return kill();
  }

  /**
   * Kills it at once (SIGKILL) if it lives.
   *
   * @return whether it is gone: false only where this JVM may not kill it
   */
  public boolean kill() {
    signal(ProcessHandle::destroyForcibly, KILL);
    return !isAlive();
  }

  private void signal(Predicate<ProcessHandle> signal, Duration wait) {
    ProcessHandle.of(pid)
        // Java refuses to end itself by an exception.
        .filter(it -> isAlive() && it.pid() != ProcessHandle.current().pid())
        .filter(signal)
        // Not by its onExit, for which a process that nobody reaps has not ended.
        .ifPresent(it -> Uninterruptible.until(() -> !isAlive(), wait));
  }

  /**
   * Reads what {@link #writeTo} wrote.
   *
   * @return empty if there is no such file
   * @throws IOException if it cannot be read
   */
  static Optional<ProcessIdentity> readFrom(Path file) throws IOException {
    var properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
      return Optional.of(
          new ProcessIdentity(
              Long.parseLong(properties.getProperty("pid", "")),
              properties.getProperty("started", "")));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " does not say which process it is about", e);
    }
  }

  /** Writes it for a later JVM. */
  void writeTo(Path file) throws IOException {
    var properties = new Properties();
    properties.setProperty("pid", Long.toString(pid));
    properties.setProperty("started", started);
    PrivateFiles.write(file, properties);
  }

  private static Optional<String> started(long pid) {
    // The wall clock's start instant, which ProcessHandle offers, moves when the clock is set:
    // a survivor would go unrecognised. Linux counts in ticks since boot.
    Path stat = PROC.resolve(Long.toString(pid)).resolve("stat");
    Path boot = PROC.resolve("sys/kernel/random/boot_id");
    if (!Files.isReadable(boot)) {
      return ProcessHandle.of(pid).flatMap(it -> it.info().startInstant()).map(Object::toString);
    }
    try {
      String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      boolean dead = fields[STATE].equals("Z") || fields[STATE].equals("X");
      return dead
          ? Optional.empty()
          : Optional.of(Files.readString(boot).strip() + "/" + fields[START_TICKS]);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}

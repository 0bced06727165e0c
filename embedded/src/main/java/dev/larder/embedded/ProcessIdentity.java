package dev.larder.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that cannot be mistaken for a later one with the same pid.
 *
 * @param pid its number
 * @param started when it started, in a form that only serves to be compared
 */
record ProcessIdentity(long pid, String started) {
  private static final Path PROC = Path.of("/proc");
  private static final int STATE = 0;
  private static final int START_TICKS = 19;

  /** The process that has this pid now; empty if none lives. */
  static Optional<ProcessIdentity> of(long pid) {
    return started(pid).map(it -> new ProcessIdentity(pid, it));
  }

  /** Whether the pid still means the same process, and it lives. */
  boolean isAlive() {
    return started(pid).filter(started::equals).isPresent();
  }

  /** Asks it to end (SIGTERM) and kills it (SIGKILL) if it has not within the grace. */
  void end(Duration grace) {
    if (isAlive()) {
      handle().ifPresent(ProcessHandle::destroy);
      awaitEnd(grace);
      kill();
    }
  }

  /** Kills it at once (SIGKILL) if it lives; it is gone when this returns. */
  void kill() {
    if (isAlive()) {
      handle().ifPresent(ProcessHandle::destroyForcibly);
      awaitEnd(Duration.ofSeconds(5));
    }
  }

  private void awaitEnd(Duration atMost) {
    handle().ifPresent(it -> Patience.await(it.onExit(), atMost));
  }

  private Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid).filter(it -> isAlive());
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

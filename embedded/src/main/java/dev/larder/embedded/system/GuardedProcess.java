package dev.larder.embedded.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process in a directory of its own, under a guard: a shell that ends it when this JVM ends,
 * however that ends. Where the guard was killed too, a file in the directory names the survivor.
 */
public final class GuardedProcess {
  private static final Logger log = LoggerFactory.getLogger(GuardedProcess.class);
  private static final String GUARD = "guard.sh";
  private static final String OUTPUT = "process.out";
  private static final String RECORD = "process.properties";
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final AtomicBoolean sharedSessionTold = new AtomicBoolean();

  private final Process guard;
  private final ProcessIdentity identity;

  private GuardedProcess(Process guard, ProcessIdentity identity) {
    this.guard = guard;
    this.identity = identity;
  }

  /**
   * Starts a command with the directory as its working directory. Of this JVM's environment it gets
   * paths and the time zone, and no more.
   *
   * @throws IOException if it cannot be started, or an earlier one still runs in the directory
   */
  public static GuardedProcess start(Path directory, List<String> command) throws IOException {
    Optional<ProcessIdentity> survivor = survivor(directory);
    if (survivor.isPresent()) {
      throw new IOException("process " + survivor.get().pid() + " still runs in " + directory);
    }
    PrivateFiles.write(directory.resolve(GUARD), script());
    var builder =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            "/bin/sh",
                            directory.resolve(GUARD).toAbsolutePath().toString(),
                            "start",
                            OUTPUT),
                        command.stream())
                    .toList())
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Environment.restrict(builder);
    Process guard = builder.start();
    try {
      ProcessIdentity identity = identity(directory, guard);
      identity.writeTo(directory.resolve(RECORD));
      return new GuardedProcess(guard, identity);
    } catch (IOException | RuntimeException | Error e) {
      end(guard);
      throw e;
    }
  }

  private static void end(Process guard) {
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      // It has ended already.
    }
    Uninterruptible.until(() -> !guard.isAlive(), GRACE.plusSeconds(5));
  }

  private static ProcessIdentity identity(Path directory, Process guard) throws IOException {
    Optional<String> answer = OutputLines.of(guard).next(START);
    if (answer.isEmpty()) {
      throw new IOException("its guard does not answer" + output(directory));
    }
    String[] pidAndSession = answer.get().split(" ", 2);
    if (pidAndSession[1].equals("shared") && !sharedSessionTold.getAndSet(true)) {
      log.warn(
          "neither setsid nor perl is on the PATH: Ctrl-C in a terminal also ends process {}, before"
              + " the shutdown hooks of this JVM have run",
          pidAndSession[0]);
    }
    long pid = Long.parseLong(pidAndSession[0]);
    return ProcessIdentity.of(pid).orElse(new ProcessIdentity(pid, "already ended"));
  }

  private static String script() throws IOException {
    try (InputStream script = GuardedProcess.class.getResourceAsStream(GUARD)) {
      if (script == null) {
        throw new IOException("the resource " + GUARD + " is missing");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * The process that was started in a directory and has not ended.
   *
   * @throws IOException if the directory's record of it cannot be read
   */
  public static Optional<ProcessIdentity> survivor(Path directory) throws IOException {
    return ProcessIdentity.readFrom(directory.resolve(RECORD)).filter(ProcessIdentity::isAlive);
  }

  /** What the last process in a directory printed, as {@code "; it printed: …"}; else empty. */
  public static String output(Path directory) {
    try {
      String output = Files.readString(directory.resolve(OUTPUT), StandardCharsets.UTF_8).strip();
      return output.isEmpty() ? "" : "; it printed: " + output;
    } catch (IOException e) {
      return "";
    }
  }

  /** The process itself, not its guard. */
  public ProcessIdentity identity() {
    return identity;
  }

  /** Waits until the process or its guard has ended. */
  public void awaitEnd() throws InterruptedException {
    guard.waitFor();
  }

  /** Whether the process or its guard has ended, or does so within that time. */
  public boolean endsWithin(Duration time) {
    return Uninterruptible.until(() -> !guard.isAlive(), time);
  }

  /** Kills the process at once (SIGKILL); it is gone when this returns. */
  public void kill() {
    identity.kill();
    endsWithin(GRACE);
  }

  /**
   * Ends it gracefully; after ten seconds, at once.
   *
   * @return whether it is gone: false only where this JVM may not kill it
   */
  public boolean end() {
    end(guard);
    // It still runs only if it would not end, or if its guard was killed.
    return identity.end(GRACE);
  }
}

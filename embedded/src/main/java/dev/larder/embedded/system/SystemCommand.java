package dev.larder.embedded.system;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A short-lived command of the system, run for its output. */
public final class SystemCommand {
  private static final Duration AT_MOST = Duration.ofSeconds(10);

  private SystemCommand() {}

  /**
   * What came of it.
   *
   * @param status 0 if it succeeded
   * @param output what it printed, errors included
   */
  public record Outcome(int status, String output) {}

  /** Runs it for at most ten seconds; one that cannot be run has the shell's status 127. */
  public static Outcome run(List<String> command) {
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      Environment.restrict(builder);
      Process process = builder.start();
      process.getOutputStream().close();
      OutputLines output = OutputLines.of(process);
      if (!Uninterruptible.until(() -> !process.isAlive(), AT_MOST)) {
        process.destroyForcibly();
        return new Outcome(127, "no end within " + AT_MOST.toSeconds() + " seconds");
      }
      // What it has started may go on, and hold its output open.
      return new Outcome(process.exitValue(), output.rest(Duration.ofSeconds(1)).strip());
    } catch (IOException e) {
      return new Outcome(127, String.valueOf(e.getMessage()));
    }
  }
}

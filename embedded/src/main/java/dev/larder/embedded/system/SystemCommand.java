package dev.larder.embedded.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
      process
          .onExit()
          .orTimeout(AT_MOST.toSeconds(), TimeUnit.SECONDS)
          .exceptionally(e -> process.destroyForcibly());
      byte[] output = process.getInputStream().readNBytes(64 * 1024);
      Uninterruptible.await(process.onExit(), AT_MOST);
      return new Outcome(
          process.isAlive() ? 127 : process.exitValue(),
          new String(output, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return new Outcome(127, String.valueOf(e.getMessage()));
    }
  }
}

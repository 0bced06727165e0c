package dev.larder.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A short-lived command of the system, asked for its output. */
final class Command {
  private Command() {}

  /**
   * What came of it.
   *
   * @param status 0 if it succeeded
   * @param output what it printed, errors included
   */
  record Outcome(int status, String output) {}

  /** Runs it for at most ten seconds; one that cannot be run has the shell's status 127. */
  static Outcome run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      process
          .onExit()
          .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
          .exceptionally(e -> process.destroyForcibly());
      byte[] output = process.getInputStream().readNBytes(64 * 1024);
      Patience.await(process.onExit(), Duration.ofSeconds(10));
      return new Outcome(
          process.isAlive() ? 127 : process.exitValue(),
          new String(output, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      return new Outcome(127, String.valueOf(e.getMessage()));
    }
  }
}

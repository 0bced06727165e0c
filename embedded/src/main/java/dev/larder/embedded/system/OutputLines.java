package dev.larder.embedded.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The lines that a process prints, each waited for at most so long. */
public final class OutputLines {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private volatile boolean ended;

  private OutputLines() {}

  /** Reads the output of a process, which nobody else may read, until it ends. */
  public static OutputLines of(Process process) {
    var output = new OutputLines();
    var reader = new Thread(() -> output.read(process), "output-of-" + process.pid());
    reader.setDaemon(true);
    reader.start();
    return output;
  }

  private void read(Process process) {
    try (var in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // Closed by somebody who wants no more of it.
    }
    ended = true;
  }

  /** The next line; empty if there is none within that time, or the output has ended. */
  public Optional<String> next(Duration atMost) {
    Uninterruptible.until(() -> ended || !lines.isEmpty(), atMost);
    return Optional.ofNullable(lines.poll());
  }

  /** All lines until the output ends, or that time is over. */
  public String rest(Duration atMost) {
    Uninterruptible.until(() -> ended, atMost);
    return String.join("\n", lines);
  }
}

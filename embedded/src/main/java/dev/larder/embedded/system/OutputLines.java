package dev.larder.embedded.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The lines that a process prints, each waited for at most so long. */
public final class OutputLines {
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

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
        lines.add(Optional.of(line));
      }
    } catch (IOException e) {
      // Closed by somebody who wants no more of it.
    }
    lines.add(Optional.empty());
  }

  /** The next line; empty if there is none within that time, or the output has ended. */
  public Optional<String> next(Duration atMost) throws InterruptedException {
    Optional<String> line = lines.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
    if (line == null) {
      return Optional.empty();
    }
    if (line.isEmpty()) {
      lines.add(line);
    }
    return line;
  }
}

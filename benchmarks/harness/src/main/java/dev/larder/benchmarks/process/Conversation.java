package dev.larder.benchmarks.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A process that is told a line and answers with one. */
public final class Conversation {
  private static final String END = "\0";

  private final String name;
  private final Process process;
  private final Path errors;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  Conversation(String name, Process process, Path errors) {
    this.name = name;
    this.process = process;
    this.errors = errors;
    Thread reader = new Thread(this::listen, name + "-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      lines.lines().forEach(heard::add);
    } catch (IOException | UncheckedIOException e) {
      // It was ended: what was to be heard is missing, and that is told.
    } finally {
      heard.add(END);
    }
  }

  /** Tells it a line; if it has ended, {@link #hear} says so. */
  public void say(String line) {
    try {
      var writer = process.outputWriter(UTF_8);
      writer.write(line + "\n");
      writer.flush();
    } catch (IOException e) {
      // Its own last words tell more than the broken pipe.
    }
  }

  /**
   * The next line that it says.
   *
   * @throws BenchException with the end of its standard error, if it ends or says nothing in time
   */
  public String hear(Duration limit) throws InterruptedException {
    String line = heard.poll(limit.toMillis(), MILLISECONDS);
    if (line == null) {
      throw new BenchException(
          name + " said nothing within " + limit.toSeconds() + " s:\n" + Processes.tail(errors));
    }
    if (line.equals(END)) {
      heard.add(END);
      process.waitFor();
      throw new BenchException(
          name + " ended with " + process.exitValue() + ":\n" + Processes.tail(errors));
    }
    return line;
  }

  /** Its process. */
  public Running running() {
    return new Running(name, process.toHandle());
  }
}

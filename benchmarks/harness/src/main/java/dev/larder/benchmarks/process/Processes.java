package dev.larder.benchmarks.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes of one run and a folder for their files. All that it started, and nothing else, is
 * ended on {@link #close} and when the run is interrupted (Ctrl-C, SIGTERM).
 */
public final class Processes implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(12);

  private final Path folder;
  private final Thread atExit = new Thread(this::endAll, "end-processes");
  private final Deque<Process> started = new ArrayDeque<>();
  private boolean ended;

  /** Makes the folder and sees to it that an interrupted run leaves nothing behind. */
  public Processes() {
    try {
      folder = Files.createTempDirectory("larder-bench-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Where the files of this run are; gone when the run ends. */
  public Path folder() {
    return folder;
  }

  /**
   * Starts a server and returns when it is ready.
   *
   * @throws BenchException with the end of its output, if it ends or is not ready within 30 s
   */
  public Running start(String name, List<String> command, Ready ready) throws InterruptedException {
    Path output = folder.resolve(name + ".out");
    Process process = launch(command, Map.of(), ProcessBuilder.Redirect.to(output.toFile()));
    long deadline = System.nanoTime() + START.toNanos();
    while (!ready.isReady(output)) {
      if (!process.isAlive()) {
        throw new BenchException(
            name + " ended with " + process.exitValue() + " at its start:\n" + tail(output));
      }
      if (System.nanoTime() > deadline) {
        throw new BenchException(
            name + " was not ready within " + START.toSeconds() + " s:\n" + tail(output));
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    return new Running(name, process.toHandle());
  }

  /** Starts a process to talk with; its standard error goes into a file of its own. */
  public Conversation converse(String name, List<String> command) {
    Path errors = folder.resolve(name + ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    return new Conversation(name, launch(builder), errors);
  }

  /**
   * Runs a command to its end and returns what it printed, errors included.
   *
   * @throws BenchException with its output, if it fails or takes longer than {@code limit}
   */
  public String run(
      Duration limit, Map<String, String> environment, String input, List<String> command)
      throws InterruptedException {
    Path output = folder.resolve("run.out");
    Process process = launch(command, environment, ProcessBuilder.Redirect.to(output.toFile()));
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading all: its exit code and its output tell more than the broken pipe.
    }
    await(process, limit, command);
    if (process.exitValue() != 0) {
      throw new BenchException(
          command.get(0) + " ended with " + process.exitValue() + ":\n" + tail(output));
    }
    return read(output);
  }

  /**
   * Runs a build whose output the person at the terminal is to see.
   *
   * @throws BenchException if it fails or takes longer than {@code limit}
   */
  public void show(Duration limit, List<String> command) throws InterruptedException {
    Process process = launch(command, Map.of(), ProcessBuilder.Redirect.INHERIT);
    await(process, limit, command);
    if (process.exitValue() != 0) {
      throw new BenchException(String.join(" ", command) + " ended with " + process.exitValue());
    }
  }

  private void await(Process process, Duration limit, List<String> command)
      throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new BenchException(command.get(0) + " did not end within " + limit.toSeconds() + " s");
    }
    synchronized (started) {
      started.remove(process);
    }
  }

  private Process launch(
      List<String> command, Map<String, String> environment, ProcessBuilder.Redirect output) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output);
    builder.environment().putAll(environment);
    return launch(builder);
  }

  private Process launch(ProcessBuilder builder) {
    synchronized (started) {
      if (ended) {
        throw new BenchException("interrupted");
      }
      try {
        Process process = builder.start();
        started.push(process);
        return process;
      } catch (IOException e) {
        throw new BenchException(
            "could not run " + builder.command().get(0) + ": " + e.getMessage(), e);
      }
    }
  }

  /** Ends what is still running, the last started first, and removes the folder. */
  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is on its way out: the hook is running, or has run, and found nothing left to do.
    }
  }

  private void endAll() {
    synchronized (started) {
      ended = true;
      while (!started.isEmpty()) {
        end(started.pop());
      }
      delete(folder);
    }
  }

  private static void end(Process process) {
    // nginx's worker outlives a master that had to be killed, so descendants are taken down while
    // they can still be found.
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroy();
    try {
      if (process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      descendants.forEach(ProcessHandle::destroyForcibly);
    }
    process.destroyForcibly();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      // Already gone, or a file of a server that is just ending: it lies in the system's temporary
      // folder.
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      // The folder is gone: an interrupt is ending the run.
      throw new BenchException("interrupted", e);
    }
  }

  static String tail(Path file) {
    List<String> lines = read(file).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
  }
}

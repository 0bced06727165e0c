package dev.larder.testkit;

import static java.util.stream.Collectors.joining;

import dev.larder.embedded.system.OutputLines;
import dev.larder.embedded.system.ProcessIdentity;
import dev.larder.testkit.topology.RedisCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that holds a paused engine and a Cluster, to be killed. */
public final class Holder implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final String READY = "ready";

  private final Process jvm;
  private final List<ProcessIdentity> engines = new ArrayList<>();
  private final List<Path> directories = new ArrayList<>();

  /** Holds until its input ends, then closes what it holds. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    try (var engine = RedisProcess.start();
        var cluster = RedisCluster.start()) {
      List<RedisProcess> all = new ArrayList<>(cluster.nodes());
      all.add(engine);
      System.out.println(
          all.stream().map(it -> it.pid() + " " + it.directory()).collect(joining("\n")));
      engine.pause();
      System.out.println(READY);
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private Holder(Path temporary) throws IOException {
    jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** Starts one, whose directories are made below another, and returns when all its engines run. */
  public static Holder start(Path temporary) throws IOException, InterruptedException {
    var holder = new Holder(temporary);
    try {
      var output = OutputLines.of(holder.jvm);
      for (String line = next(output); !line.equals(READY); line = next(output)) {
        String[] pidAndDirectory = line.split(" ", 2);
        if (pidAndDirectory[0].matches("\\d+")) {
          holder.engines.add(ProcessIdentity.of(Long.parseLong(pidAndDirectory[0])).orElseThrow());
          holder.directories.add(Path.of(pidAndDirectory[1]));
        }
      }
      return holder;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      holder.close();
      throw e;
    }
  }

  private static String next(OutputLines output) throws IOException, InterruptedException {
    return output
        .next(START)
        .orElseThrow(() -> new IOException("the holder said nothing for " + START));
  }

  /** The three nodes of its Cluster, and its paused engine. */
  public List<ProcessIdentity> engines() {
    return engines;
  }

  /** Those and their guards, as long as it lives. */
  public List<ProcessIdentity> processes() {
    return jvm.descendants().flatMap(it -> ProcessIdentity.of(it.pid()).stream()).toList();
  }

  /** Where its engines work. */
  public List<Path> directories() {
    return directories;
  }

  /** Kills it (SIGKILL). */
  public void kill() {
    close();
  }

  /** Kills it after those who would end its engines then: watchers, then the guards themselves. */
  public void killWithGuards() {
    List<Long> engines = this.engines.stream().map(ProcessIdentity::pid).toList();
    List<Long> guards = jvm.children().map(ProcessHandle::pid).toList();
    processes().stream()
        .filter(it -> !engines.contains(it.pid()))
        .sorted(Comparator.comparing(it -> guards.contains(it.pid())))
        .forEach(ProcessIdentity::kill);
    close();
  }

  /** Lets it close what it holds. */
  public void end() throws IOException {
    jvm.getOutputStream().close();
    awaitEnd();
  }

  @Override
  public void close() {
    jvm.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() {
    try {
      if (!jvm.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("still waiting after 60 s: the holder's JVM has ended");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: the holder's JVM ended", e);
    }
  }
}

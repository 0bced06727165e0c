package dev.larder.testkit;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.embedded.EngineBinary;
import dev.larder.embedded.system.ProcessIdentity;
import dev.larder.testkit.topology.RedisCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 200 starts of engines and Clusters, which end in every way there is, leave no process, port or
 * directory behind.
 */
class StartAndKillSoak {
  private static final int ENGINES = 148;
  private static final int CLUSTERS = 28;
  private static final int HOLDERS = 12; // each with an engine and a Cluster
  private static final int AT_ONCE = 4;

  private final Queue<ProcessIdentity> processes = new ConcurrentLinkedQueue<>();
  private final Queue<Path> directories = new ConcurrentLinkedQueue<>();

  @TempDir Path temporary;

  @Test
  void leavesNothingBehind() throws Exception {
    RedisProcess.start().close();
    long sockets = sockets();
    List<Long> before = descendants();

    List<EngineBinary> binaries = Engines.each();
    List<Callable<Void>> starts = new ArrayList<>();
    for (int i = 0; i < ENGINES; i++) {
      int turn = i;
      starts.add(() -> engine(binaries.get(turn % binaries.size()), turn / binaries.size()));
    }
    for (int i = 0; i < CLUSTERS; i++) {
      int turn = i;
      starts.add(() -> cluster(binaries.get(turn % binaries.size()), turn / binaries.size()));
    }
    for (int i = 0; i < HOLDERS; i++) {
      int turn = i;
      starts.add(() -> holder(turn));
    }
    runAll(starts);
    // The next start, which finds what the killed ones left.
    try (var last = Holder.start(temporary)) {
      last.end();
    }

    await("processes have ended")
        .atMost(60, SECONDS)
        .until(() -> processes.stream().noneMatch(ProcessIdentity::isAlive));
    await("guards have ended").atMost(60, SECONDS).until(() -> before.containsAll(descendants()));
    assertThat(directories).hasSizeGreaterThan(200).noneMatch(Files::exists);
    assertThat(temporary).isEmptyDirectory();
    // A port is held by a process: those that were started are gone, and this one has none more.
    assertThat(sockets()).isEqualTo(sockets);
  }

  private static void runAll(List<Callable<Void>> starts) throws Exception {
    var threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      for (Future<Void> start : threads.invokeAll(starts, 20, MINUTES)) {
        start.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Void engine(EngineBinary binary, int turn) {
    try (var engine = RedisProcess.start(it -> it.binary(binary))) {
      note(engine);
      end(engine, turn);
    }
    return null;
  }

  private Void cluster(EngineBinary binary, int turn) {
    try (var cluster = RedisCluster.start(it -> it.binary(binary))) {
      cluster.nodes().forEach(this::note);
      end(cluster.nodes().get(0), turn);
    }
    return null;
  }

  private Void holder(int turn) throws IOException, InterruptedException {
    try (var holder = Holder.start(temporary)) {
      processes.addAll(holder.processes());
      directories.addAll(holder.directories());
      switch (turn % 3) {
        case 0 -> holder.kill();
        case 1 -> holder.killWithGuards();
        default -> holder.end();
      }
    }
    return null;
  }

  /** All that may come before it is closed. */
  private void end(RedisProcess engine, int turn) {
    switch (turn % 5) {
      case 0 -> engine.kill();
      case 1 -> engine.pause();
      case 2 -> guardsOf(engine).forEach(ProcessIdentity::kill);
      case 3 -> {
        engine.kill();
        engine.restart();
        note(engine);
      }
      default -> assertThat(engine.isAlive()).isTrue();
    }
  }

  /** What watches its guard's pipe, and then its guard, or the former would end it. */
  private static List<ProcessIdentity> guardsOf(RedisProcess engine) {
    ProcessHandle parent =
        ProcessHandle.of(engine.pid()).flatMap(ProcessHandle::parent).orElseThrow();
    return Stream.concat(parent.descendants(), Stream.of(parent))
        .filter(it -> it.pid() != engine.pid())
        .flatMap(it -> ProcessIdentity.of(it.pid()).stream())
        .toList();
  }

  private void note(RedisProcess engine) {
    processes.add(ProcessIdentity.of(engine.pid()).orElseThrow());
    directories.add(engine.directory());
  }

  private static List<Long> descendants() {
    return ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
  }

  private static long sockets() throws IOException {
    try (var files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(StartAndKillSoak::isSocket).count();
    }
  }

  private static boolean isSocket(Path file) {
    try {
      return Files.readSymbolicLink(file).toString().startsWith("socket:");
    } catch (IOException e) {
      // The one that lists them.
      return false;
    }
  }
}

package dev.larder.benchmarks;

import dev.larder.benchmarks.process.BenchException;
import dev.larder.benchmarks.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where figures come from: the commit and the machine. */
final class Provenance {
  private static final Duration SHORT = Duration.ofSeconds(20);

  private Provenance() {}

  /** The commit, and whether files differ from it; not known outside of a Git repository. */
  static String commit(Processes processes) throws InterruptedException {
    try {
      String commit = git(processes, List.of("git", "rev-parse", "HEAD")).strip();
      long changed = git(processes, List.of("git", "status", "--porcelain")).lines().count();
      return commit + (changed == 0 ? "" : ", dirty: " + changed + " files differ");
    } catch (BenchException e) {
      return "not known (" + String.valueOf(e.getMessage()).replace('\n', ' ') + ")";
    }
  }

  private static String git(Processes processes, List<String> command) throws InterruptedException {
    return processes.run(SHORT, Map.of(), "", command);
  }

  /**
   * Processor, cores, kernel, and the JDK that the harness and subjects of ours run on.
   *
   * @throws BenchException if this is not Linux
   */
  static String machine() {
    int cores = Runtime.getRuntime().availableProcessors();
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      Optional<String> model =
          lines
              .filter(it -> it.startsWith("model name"))
              .map(it -> it.substring(it.indexOf(':') + 2))
              .findFirst();
      return model.orElse(System.getProperty("os.arch"))
          + ", "
          + cores
          + " cores, "
          + System.getProperty("os.name")
          + " "
          + System.getProperty("os.version")
          + ", JDK "
          + Runtime.version();
    } catch (IOException e) {
      throw new BenchException("benches need Linux, where /proc tells CPU times: " + e, e);
    }
  }
}

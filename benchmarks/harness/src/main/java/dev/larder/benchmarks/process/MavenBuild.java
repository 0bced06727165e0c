package dev.larder.benchmarks.process;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Builds modules of ours with Maven where what they make is missing, or older than its sources. */
public final class MavenBuild {
  private MavenBuild() {}

  /**
   * Builds modules and what they depend on, unless that was done since a source changed.
   *
   * @param modules as {@code mvn -pl} takes them
   * @param products the file of each module that is needed
   * @param sources the files and folders that they are made from
   * @throws BenchException if the build fails
   */
  public static void run(
      List<String> modules,
      List<Path> products,
      List<Path> sources,
      Processes processes,
      PrintStream out)
      throws InterruptedException {
    if (products.stream().allMatch(product -> isCurrent(product, sources))) {
      return;
    }
    out.println("building " + String.join(", ", modules) + " with Maven …");
    processes.show(
        Duration.ofMinutes(5),
        List.of(
            "mvn",
            "-q",
            "-pl",
            String.join(",", modules),
            "-am",
            "-Dmaven.test.skip=true",
            "package"));
    // Maven leaves a file alone that would not change: its date must say that it was looked at.
    products.forEach(MavenBuild::touch);
  }

  static boolean isCurrent(Path product, List<Path> sources) {
    if (!Files.exists(product)) {
      return false;
    }
    FileTime built = modified(product);
    for (Path source : sources) {
      try (Stream<Path> files = Files.walk(source)) {
        if (files.anyMatch(file -> isSource(file) && modified(file).compareTo(built) > 0)) {
          return false;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return true;
  }

  private static boolean isSource(Path file) {
    return file.endsWith("pom.xml")
        || (file.toString().contains("/src/main/") && Files.isRegularFile(file));
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      throw new BenchException("the build did not make " + file, e);
    }
  }
}

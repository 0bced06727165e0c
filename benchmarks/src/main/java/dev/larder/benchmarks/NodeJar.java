package dev.larder.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The runnable jar of our node. */
final class NodeJar {
  private static final List<String> SOURCES = List.of("pom.xml", "core", "embedded", "server");

  private NodeJar() {}

  /**
   * The jar, built with Maven first where there is none or sources are newer.
   *
   * @param root the repository's folder
   * @throws BenchException if the build fails
   */
  static Path build(Path root, Processes processes, PrintStream out) throws InterruptedException {
    Path jar = root.resolve("server/target/larder.jar");
    if (!isCurrent(jar, SOURCES.stream().map(root::resolve).toList())) {
      out.println("building server/target/larder.jar with Maven …");
      String pom = root.resolve("pom.xml").toString();
      processes.show(
          Duration.ofMinutes(5),
          List.of(
              "mvn", "-q", "-f", pom, "-pl", "server", "-am", "-Dmaven.test.skip=true", "package"));
    }
    return jar;
  }

  static boolean isCurrent(Path jar, List<Path> sources) {
    if (!Files.exists(jar)) {
      return false;
    }
    FileTime built = modified(jar);
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
}

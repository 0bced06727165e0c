package dev.larder.benchmarks.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program that a bench runs: Debian's, else the first on the PATH.
 *
 * @param program its name on the PATH
 * @param debianPackage what {@code apt-get install} takes to bring it
 */
public record Tool(String program, String debianPackage) {
  /** The engine under every door. */
  public static final Tool REDIS_SERVER = new Tool("redis-server", "redis-server");

  /** Asks the engine what it has seen. */
  public static final Tool REDIS_CLI = new Tool("redis-cli", "redis-tools");

  /** The engine's own load, without a door before it. */
  public static final Tool REDIS_BENCHMARK = new Tool("redis-benchmark", "redis-tools");

  /** The rival door. */
  public static final Tool WEBDIS = new Tool("webdis", "webdis");

  /** The least that an HTTP answer costs. */
  public static final Tool NGINX = new Tool("nginx", "nginx-light");

  /** The load over HTTP. */
  public static final Tool WRK = new Tool("wrk", "wrk");

  /**
   * Looked at before the PATH: figures of two machines compare best where both run what Debian
   * ships. Root's folders are among them because servers lie there.
   */
  private static final List<String> DEBIAN = List.of("/usr/bin", "/usr/sbin");

  /**
   * Where the program is.
   *
   * @throws BenchException if it is nowhere, with how to install it
   */
  public String path() {
    return find(searched())
        .orElseThrow(() -> new BenchException(missing(List.of(this))))
        .toString();
  }

  /**
   * Finds all of {@code tools} before anything is started.
   *
   * @throws BenchException naming every one that is missing, and how to install them
   */
  public static void require(List<Tool> tools) {
    List<Path> folders = searched();
    List<Tool> absent = tools.stream().filter(tool -> tool.find(folders).isEmpty()).toList();
    if (!absent.isEmpty()) {
      throw new BenchException(missing(absent));
    }
  }

  static String missing(List<Tool> tools) {
    String programs = tools.stream().map(Tool::program).collect(Collectors.joining(", "));
    String packages =
        tools.stream().map(Tool::debianPackage).distinct().collect(Collectors.joining(" "));
    return "not installed: " + programs + "; on Debian: apt-get install " + packages;
  }

  Optional<Path> find(List<Path> folders) {
    return folders.stream()
        .map(folder -> folder.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static List<Path> searched() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(DEBIAN.stream(), Stream.of(path.split(File.pathSeparator, -1)))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }
}

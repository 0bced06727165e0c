package dev.larder.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What one run of an engine writes in its log, which earlier runs have begun. */
final class EngineLog {
  static final String FILE = "redis.log";
  private static final int TAIL_LINES = 8;

  private final Path file;
  private final long start;

  private EngineLog(Path file, long start) {
    this.file = file;
    this.start = start;
  }

  /** The log from its present end on. */
  static EngineLog fromNowOn(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    return new EngineLog(file, Files.exists(file) ? Files.size(file) : 0);
  }

  /** The last lines of this run; empty where there are none. */
  String tail() {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(start);
      List<String> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "";
    }
  }
}

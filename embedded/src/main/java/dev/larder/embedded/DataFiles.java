package dev.larder.embedded;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An engine's data in a directory, by the names of its files: to refuse what an engine would not
 * read and say nothing about. Data of a newer format in the files that it reads it refuses itself.
 *
 * @param singleFile whether there is an append-only file as Redis before 7.0 writes it
 * @param multiPart whether there is one in parts, as Redis 7.0 and newer and Valkey write it
 * @param others names of other files that engines write, such as {@code dump.rdb}
 */
record DataFiles(boolean singleFile, boolean multiPart, List<String> others) {
  private static final String SINGLE_FILE = "appendonly.aof";
  private static final String MULTI_PART = "appendonlydir";

  static DataFiles in(Path directory) throws IOException {
    List<String> others = new ArrayList<>();
    for (Path file : matching(directory, "*.{rdb,aof}")) {
      String name = file.getFileName().toString();
      // Those named temp- were being written when their engine was killed.
      if (!name.equals(SINGLE_FILE) && !name.startsWith("temp-") && Files.size(file) > 0) {
        others.add(name);
      }
    }
    for (Path below : matching(directory, "*")) {
      if (!below.endsWith(MULTI_PART) && !matching(below, "*.aof.manifest").isEmpty()) {
        others.add(below.getFileName().toString());
      }
    }
    Path single = directory.resolve(SINGLE_FILE);
    return new DataFiles(
        Files.exists(single) && Files.size(single) > 0,
        !matching(directory.resolve(MULTI_PART), "*.{rdb,aof}").isEmpty(),
        List.copyOf(others));
  }

  private static List<Path> matching(Path directory, String glob) throws IOException {
    if (!Files.isReadable(directory) || !Files.isDirectory(directory)) {
      return List.of();
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
      entries.forEach(files::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }

  /** Why an engine must not be started here; empty where it may. */
  Optional<String> refusal(EngineBinary engine) {
    if (singleFile && multiPart) {
      return Optional.of(
          "it holds both appendonly.aof and appendonlydir, of which an engine reads only one: move"
              + " the outdated one elsewhere");
    }
    if (multiPart && !engine.version().isAtLeast(7, 0)) {
      return Optional.of(
          "the data is in appendonlydir, which %s %s cannot read: install Redis 7.0 or newer, or Valkey, or choose another directory"
              .formatted(engine.product().label(), engine.version()));
    }
    if (!singleFile && !multiPart && !others.isEmpty()) {
      return Optional.of(
          "it holds %s but no append-only file that an engine would read, so that it would start empty: choose another directory, or start an engine that reads them by hand and send it CONFIG SET appendonly yes, which writes the append-only file"
              .formatted(String.join(", ", others)));
    }
    return Optional.empty();
  }
}

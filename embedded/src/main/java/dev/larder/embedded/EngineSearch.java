package dev.larder.embedded;

import dev.larder.embedded.EngineBinary.Origin;
import dev.larder.embedded.EngineBinary.Product;
import dev.larder.embedded.system.SystemCommand;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds engines by asking each what it is. */
final class EngineSearch {
  private static final List<String> NAMES = List.of("valkey-server", "redis-server");
  private static final Pattern ANSWER =
      Pattern.compile("(redis|valkey) server v=(\\d+\\.\\d+\\.\\d+)", Pattern.CASE_INSENSITIVE);
  private static final Comparator<EngineBinary> NEWEST_FIRST =
      Comparator.comparing(EngineBinary::version).thenComparing(EngineBinary::product).reversed();

  private EngineSearch() {}

  /** The usable engines (6.2 and newer) in the directories of a PATH, the newest first. */
  static List<EngineBinary> on(String path) {
    Set<Path> seen = new HashSet<>();
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(path)
        .filter(directory -> !directory.isEmpty())
        .flatMap(directory -> NAMES.stream().map(Path.of(directory)::resolve))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .filter(file -> seen.add(realPath(file)))
        .flatMap(file -> ask(file).stream())
        .filter(it -> it.version().isAtLeast(6, 2))
        .sorted(NEWEST_FIRST)
        .toList();
  }

  private static Path realPath(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      return file;
    }
  }

  private static Optional<EngineBinary> ask(Path file) {
    return identify(
        file, Origin.PATH, SystemCommand.run(List.of(file.toString(), "--version")).output());
  }

  /** Reads an engine's answer to {@code --version}; empty if it is neither Redis nor Valkey. */
  static Optional<EngineBinary> identify(Path file, Origin origin, String answer) {
    var form = ANSWER.matcher(answer);
    return form.find()
        ? Optional.of(
            new EngineBinary(
                Product.valueOf(form.group(1).toUpperCase(Locale.ROOT)),
                EngineVersion.parse(form.group(2)),
                file.toAbsolutePath(),
                origin))
        : Optional.empty();
  }
}

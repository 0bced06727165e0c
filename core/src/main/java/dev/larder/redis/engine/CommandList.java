package dev.larder.redis.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The commands of an engine that does not tell them to this user: those of Redis 7.0 for every
 * engine that has them all, else those of 6.2. What newer engines have beyond that is not known
 * here.
 */
final class CommandList {
  private static final String NONE = "-";

  private CommandList() {}

  /** By lower-case name, as {@link Engine#commands()} has them. */
  static Map<String, CommandInfo> of(String product, Version version) {
    // Every Valkey is at least a Redis 7.2.
    return read(
        product.equals("valkey") || version.atLeast(7, 0)
            ? "commands-7.0.txt"
            : "commands-6.2.txt");
  }

  private static Map<String, CommandInfo> read(String file) {
    Map<String, CommandInfo> plain = new HashMap<>();
    Map<String, Map<String, CommandInfo>> subcommands = new HashMap<>();
    for (String line : lines(file)) {
      if (!line.startsWith("#")) {
        CommandInfo command = command(line);
        int bar = command.name().indexOf('|');
        if (bar < 0) {
          plain.put(command.name(), command);
        } else {
          subcommands
              .computeIfAbsent(command.name().substring(0, bar), it -> new HashMap<>())
              .put(command.name().substring(bar + 1), command);
        }
      }
    }
    subcommands.forEach((name, subs) -> plain.computeIfPresent(name, (it, own) -> own.with(subs)));
    return plain;
  }

  private static CommandInfo command(String line) {
    String[] field = line.split(" ", -1);
    return new CommandInfo(
        field[0],
        Integer.parseInt(field[1]),
        words(field[2]),
        Integer.parseInt(field[3]),
        Integer.parseInt(field[4]),
        Integer.parseInt(field[5]),
        words(field[6]),
        Map.of());
  }

  private static Set<String> words(String field) {
    return field.equals(NONE) ? Set.of() : Set.of(field.split(",", -1));
  }

  private static List<String> lines(String file) {
    try (InputStream in = CommandList.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no " + file + " beside " + CommandList.class.getName());
      }
      return new String(in.readAllBytes(), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}

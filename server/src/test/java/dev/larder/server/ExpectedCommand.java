package dev.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A line of {@code commands.txt}: what may pass the door, by judgement.
 *
 * @param words the command's name in lower case, and perhaps that of its subcommand
 * @param since which engine has it, such as {@code 7.0} or {@code v9.0}; {@code 6.2} for what older
 *     ones had already
 * @param readWrite whether a read-write token may send it
 * @param readOnly whether a read-only token may send it
 * @param inScripts what a script may do with it
 */
record ExpectedCommand(
    List<String> words, String since, boolean readWrite, boolean readOnly, InScripts inScripts) {

  /** Whether a script may run it. */
  enum InScripts {
    YES,
    NO,
    /** As the engine likes: it does no harm. */
    ANY
  }

  ExpectedCommand {
    if (words.isEmpty() || words.size() > 2 || (readOnly && !readWrite)) {
      throw new IllegalArgumentException("not a command's rights: " + words);
    }
  }

  /** The whole table. */
  static List<ExpectedCommand> all() {
    var all = new ArrayList<ExpectedCommand>();
    text()
        .lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(
            line -> {
              String[] column = line.split(" *\\| *", -1);
              if (column.length != 6 || column[5].isBlank()) {
                throw new IllegalArgumentException("six columns, a reason in the last: " + line);
              }
              all.add(
                  new ExpectedCommand(
                      List.of(column[0].split(" ", -1)),
                      column[1],
                      yes(column[2]),
                      yes(column[3]),
                      column[4].equals("any")
                          ? InScripts.ANY
                          : yes(column[4]) ? InScripts.YES : InScripts.NO));
            });
    return List.copyOf(all);
  }

  private static boolean yes(String cell) {
    return switch (cell) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("yes or no, was " + cell);
    };
  }

  private static String text() {
    try (InputStream in = ExpectedCommand.class.getResourceAsStream("commands.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return words.get(0);
  }

  boolean isSubcommand() {
    return words.size() > 1;
  }

  @Override
  public String toString() {
    return String.join(" ", words);
  }
}

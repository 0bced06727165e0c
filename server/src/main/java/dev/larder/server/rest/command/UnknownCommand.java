package dev.larder.server.rest.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.rest.request.CommandBatch;
import java.io.ByteArrayOutputStream;
import java.util.Locale;

/**
 * What an engine answers to a name that it does not have: said here, as no such name is sent to it.
 * Redis finds names by a hash of all of their bytes, and compares them only up to a NUL; so {@code
 * SELECT} with a NUL and the right bytes behind it is SELECT.
 *
 * @param since7 whether it is said as by Redis since 7.0 and by Valkey
 */
record UnknownCommand(boolean since7) {
  private static final int MOST = 128;

  /** Of a command. */
  String name(CommandBatch batch, int command) {
    var arguments = new ByteArrayOutputStream();
    for (int i = 1; i < batch.arity(command) && arguments.size() < MOST; i++) {
      int room = MOST - arguments.size();
      arguments.write(since7 ? '\'' : '`');
      write(arguments, batch, command, i, room);
      arguments.writeBytes((since7 ? "' " : "`, ").getBytes(UTF_8));
    }
    return since7
        ? "ERR unknown command '"
            + word(batch, command, 0, MOST)
            + "', with args beginning with: "
            + arguments.toString(UTF_8)
        : "ERR unknown command `"
            + word(batch, command, 0, Integer.MAX_VALUE)
            + "`, with args beginning with: "
            + arguments.toString(UTF_8);
  }

  /** Of a command's subcommand. */
  String subcommand(CommandBatch batch, int command) {
    String name = word(batch, command, 1, MOST);
    return (since7
            ? "ERR unknown subcommand '" + name
            : "ERR Unknown subcommand or wrong number of arguments for '" + name)
        + "'. Try "
        + batch.text(command, 0).toUpperCase(Locale.ROOT)
        + " HELP.";
  }

  private static String word(CommandBatch batch, int command, int argument, int most) {
    var out = new ByteArrayOutputStream();
    write(out, batch, command, argument, most);
    return out.toString(UTF_8);
  }

  /** As C prints it: up to a NUL; and as Redis does: on one line. */
  private static void write(
      ByteArrayOutputStream out, CommandBatch batch, int command, int argument, int most) {
    int start = batch.start(command, argument);
    int length = Math.min(batch.end(command, argument) - start, most);
    for (int i = start; i < start + length && batch.data()[i] != 0; i++) {
      byte letter = batch.data()[i];
      out.write(letter == '\r' || letter == '\n' ? ' ' : letter);
    }
  }
}

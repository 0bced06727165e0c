package dev.larder.server.rest.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Script;
import dev.larder.server.rest.request.CommandBatch;

/**
 * A Lua script that does, atomically and exactly, what the engine at hand cannot do by a command.
 * It gets the command as it came, and answers, errors included, as an engine that has it would.
 */
final class Emulation {
  private static final byte[] EVAL = "EVAL".getBytes(UTF_8);

  /** Where a command's keys are, which a Cluster needs to be told. */
  enum Keys {
    /** It has none. */
    NONE(0, 0),
    /** Its first argument is one. */
    FIRST(1, 1),
    /** Its first two arguments are. */
    FIRST_TWO(1, 2),
    /** All arguments behind the first are. */
    BEHIND_FIRST(2, Integer.MAX_VALUE),
    /** Its first argument tells how many follow. */
    COUNTED(2, 0);

    private final int first;
    private final int last;

    Keys(int first, int last) {
      this.first = first;
      this.last = last;
    }

    /** How many keys a command has, as far as it is well formed. */
    private int count(CommandBatch batch, int command) {
      int most = batch.arity(command) - first;
      if (this == COUNTED) {
        String told = batch.text(command, 1);
        // What is no number, or too many, is for the script to complain of.
        int count = told.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(told) : 0;
        return count <= most ? count : 0;
      }
      return this == NONE ? 0 : Math.min(last - first + 1, most);
    }
  }

  private final byte[] script;
  private final Keys keys;

  /**
   * @param file the script's, beside this class
   */
  Emulation(String file, Keys keys) {
    this.script = Script.beside(Emulation.class, file).source().getBytes(UTF_8);
    this.keys = keys;
  }

  /**
   * The words of an EVAL in the place of a command.
   *
   * @param before arguments that the script gets before the command's words
   */
  byte[][] words(CommandBatch batch, int command, String... before) {
    int arity = batch.arity(command);
    int count = keys.count(batch, command);
    var words = new byte[3 + count + before.length + arity][];
    int at = 0;
    words[at++] = EVAL;
    words[at++] = script;
    words[at++] = Integer.toString(count).getBytes(UTF_8);
    for (int key = 0; key < count; key++) {
      words[at++] = batch.bytes(command, keys.first + key);
    }
    for (String argument : before) {
      words[at++] = argument.getBytes(UTF_8);
    }
    for (int word = 0; word < arity; word++) {
      words[at++] = batch.bytes(command, word);
    }
    return words;
  }
}

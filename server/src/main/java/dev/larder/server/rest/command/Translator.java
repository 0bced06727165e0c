package dev.larder.server.rest.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.rest.request.CommandBatch;
import java.util.Locale;

/** Brings commands into the form that the engine at hand understands. */
public final class Translator {
  private final Dialect dialect;
  private final Scripts scripts;
  private final boolean lowerCaseUnits;

  /**
   * For one engine.
   *
   * @param since7 whether it is Redis since 7.0, or a Valkey
   */
  Translator(Dialect dialect, boolean since7) {
    this.dialect = dialect;
    this.scripts = new Scripts(since7);
    this.lowerCaseUnits = !since7;
  }

  /** Changes what the engine would not understand. */
  public void translate(OutgoingCommand command) {
    CommandRule rule = command.rule();
    CommandBatch batch = command.batch();
    int index = command.index();
    switch (rule.kind()) {
      case SCRIPT_TEXT -> {
        if (batch.arity(index) > 1) {
          replaceText(command, 1);
        }
      }
      case SCRIPT_DIGEST -> {
        if (batch.arity(index) > 1) {
          replaceDigest(command, 1);
        }
      }
      case SCRIPT_CONTAINER -> {
        if (batch.arity(index) == 3 && batch.is(index, 1, "LOAD")) {
          byte[] script = batch.bytes(index, 2);
          if (replaceText(command, 2)) {
            command.answerWith(Scripts.digest(script).getBytes(UTF_8));
          }
        } else if (batch.arity(index) > 2 && batch.is(index, 1, "EXISTS")) {
          for (int argument = 2; argument < batch.arity(index); argument++) {
            replaceDigest(command, argument);
          }
        }
      }
      case FUNCTION_CONTAINER -> {
        int code = batch.arity(index) - 1;
        if (code > 1 && batch.is(index, 1, "LOAD")) {
          byte[] library = Scripts.library(batch.bytes(index, code));
          if (library != null) {
            command.replace(code, library);
          }
        }
      }
      case DIALECT -> {
        byte[][] words = dialect.translated(rule.name(), batch, index);
        if (words != null) {
          command.rewrite(words);
        }
      }
      case UNITS -> {
        if (lowerCaseUnits) {
          lowerCaseUnits(command);
        }
      }
      case PLAIN, FUNCTION_CALL, MAY_BLOCK, MAY_REPEAT, BY_SUBCOMMAND, UNKNOWN -> {}
    }
  }

  /** Redis before 7 knows {@code km}, but not the {@code KM} that the SDK sends. */
  private static void lowerCaseUnits(OutgoingCommand command) {
    CommandBatch batch = command.batch();
    int index = command.index();
    switch (command.rule().name()) {
      case "GEODIST", "GEORADIUSBYMEMBER", "GEORADIUSBYMEMBER_RO" -> lowerCase(command, 4);
      case "GEORADIUS", "GEORADIUS_RO" -> lowerCase(command, 5);
      default -> {
        for (int argument = 2; argument < batch.arity(index); argument++) {
          if (batch.is(index, argument, "FROMMEMBER")) {
            argument++;
          } else if (batch.is(index, argument, "BYRADIUS")) {
            lowerCase(command, argument + 2);
          } else if (batch.is(index, argument, "BYBOX")) {
            lowerCase(command, argument + 3);
          }
        }
      }
    }
  }

  private static void lowerCase(OutgoingCommand command, int argument) {
    if (argument < command.batch().arity(command.index())) {
      String word = command.batch().text(command.index(), argument);
      command.replace(argument, word.toLowerCase(Locale.ROOT).getBytes(UTF_8));
    }
  }

  private boolean replaceText(OutgoingCommand command, int argument) {
    CommandBatch batch = command.batch();
    int start = batch.start(command.index(), argument);
    if (batch.end(command.index(), argument) - start < 2 || batch.data()[start] != '#') {
      return false;
    }
    byte[] rewritten = scripts.rewrite(batch.bytes(command.index(), argument));
    if (rewritten == null) {
      return false;
    }
    command.replace(argument, rewritten);
    return true;
  }

  private void replaceDigest(OutgoingCommand command, int argument) {
    byte[] digest = scripts.engineDigest(command.batch().text(command.index(), argument));
    if (digest != null) {
      command.replace(argument, digest);
    }
  }
}

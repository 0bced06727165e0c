package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.engine.Engine;
import dev.larder.server.http.auth.Access;
import dev.larder.server.rest.CommandRule.Treatment;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a command may go to the engine, and brings scripts into the form that the engine
 * understands.
 */
public final class Guard {
  private final Engine engine;
  private final CommandTable table;
  private final Dialect dialect;
  private final Scripts scripts;
  private final boolean lowerCaseUnits;

  /** A guard for the commands and the version of {@code engine}, shared by all event loops. */
  public Guard(Engine engine) {
    boolean seven = engine.product().equals("valkey") || engine.version().atLeast(7, 0);
    this.engine = engine;
    this.dialect = new Dialect(engine);
    this.table = new CommandTable(engine, dialect);
    this.scripts = new Scripts(seven);
    this.lowerCaseUnits = !seven;
  }

  /** The engine whose commands it knows. */
  Engine engine() {
    return engine;
  }

  CommandRule rule(CommandBatch batch, int command) {
    return table.rule(batch, command);
  }

  /** Why this command is refused, or null where it may go. */
  @Nullable String refusal(CommandRule rule, CommandBatch batch, int command, Access access) {
    if (rule.refusal() != null) {
      return rule.refusal();
    }
    if (rule.treatment() == Treatment.MAY_BLOCK && asksToBlock(batch, command)) {
      return "ERR "
          + rule.name()
          + " with BLOCK is not available over REST: it would block the connection that requests"
          + " share";
    }
    if ((rule.treatment() == Treatment.SCRIPT_CONTAINER
            || rule.treatment() == Treatment.FUNCTION_CONTAINER)
        && batch.arity(command) > 1
        && (batch.is(command, 1, "DEBUG") || batch.is(command, 1, "KILL"))) {
      return "ERR "
          + rule.name()
          + ' '
          + batch.text(command, 1).toUpperCase(Locale.ROOT)
          + " is not available over REST: it concerns other callers' scripts";
    }
    if (access == Access.READ_ONLY && !rule.mayRead() && !readsBySubcommand(rule, batch, command)) {
      return "NOPERM this user has no permissions to run the '"
          + batch.text(command, 0).toLowerCase(Locale.ROOT)
          + "' command or its subcommand: the token is read-only";
    }
    return rule.treatment() == Treatment.DIALECT
        ? dialect.misfit(rule.name(), batch.arity(command))
        : null;
  }

  private boolean readsBySubcommand(CommandRule rule, CommandBatch batch, int command) {
    return (rule.treatment() == Treatment.BY_SUBCOMMAND
            || rule.treatment() == Treatment.FUNCTION_CONTAINER)
        && batch.arity(command) > 1
        && table.subcommandReads(rule.name(), batch.text(command, 1));
  }

  /**
   * Walks the options as the engine does, since groups, consumers and keys may be called anything.
   */
  private static boolean asksToBlock(CommandBatch batch, int command) {
    for (int argument = 1; argument < batch.arity(command); argument++) {
      if (batch.is(command, argument, "BLOCK")) {
        return true;
      } else if (batch.is(command, argument, "STREAMS")) {
        return false;
      } else if (batch.is(command, argument, "COUNT")) {
        argument++;
      } else if (batch.is(command, argument, "GROUP")) {
        argument += 2;
      }
    }
    return false;
  }

  /** Changes what the engine would not understand. */
  void translate(RestCommand command) {
    CommandRule rule = command.rule();
    CommandBatch batch = command.batch();
    int index = command.index();
    switch (rule.treatment()) {
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
      case NONE, MAY_BLOCK, BY_SUBCOMMAND -> {}
    }
  }

  /** Redis before 7 knows {@code km}, but not the {@code KM} that the SDK sends. */
  private static void lowerCaseUnits(RestCommand command) {
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

  private static void lowerCase(RestCommand command, int argument) {
    if (argument < command.batch().arity(command.index())) {
      String word = command.batch().text(command.index(), argument);
      command.replace(argument, word.toLowerCase(Locale.ROOT).getBytes(UTF_8));
    }
  }

  private boolean replaceText(RestCommand command, int argument) {
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

  private void replaceDigest(RestCommand command, int argument) {
    byte[] digest = scripts.engineDigest(command.batch().text(command.index(), argument));
    if (digest != null) {
      command.replace(argument, digest);
    }
  }
}

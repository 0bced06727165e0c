package dev.larder.server.rest.command;

import dev.larder.server.http.auth.Access;
import dev.larder.server.rest.command.CommandRule.Kind;
import dev.larder.server.rest.request.CommandBatch;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides whether a command may go to the engine. */
public final class Guard {
  private final CommandTable table;
  private final Dialect dialect;

  Guard(CommandTable table, Dialect dialect) {
    this.table = table;
    this.dialect = dialect;
  }

  /** The rule for one command of a batch. */
  public CommandRule rule(CommandBatch batch, int command) {
    return table.rule(batch, command);
  }

  /** Why this command is refused, or null where it may go. */
  public @Nullable String refusal(
      CommandRule rule, CommandBatch batch, int command, Access access) {
    if (rule.refusal() != null) {
      return rule.refusal();
    }
    if (rule.kind() == Kind.MAY_BLOCK && asksToBlock(batch, command)) {
      return "ERR "
          + rule.name()
          + " with BLOCK is not available over REST: it would block the connection that requests"
          + " share";
    }
    if ((rule.kind() == Kind.SCRIPT_CONTAINER || rule.kind() == Kind.FUNCTION_CONTAINER)
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
    return rule.kind() == Kind.DIALECT ? dialect.misfit(rule.name(), batch.arity(command)) : null;
  }

  private boolean readsBySubcommand(CommandRule rule, CommandBatch batch, int command) {
    return (rule.kind() == Kind.BY_SUBCOMMAND || rule.kind() == Kind.FUNCTION_CONTAINER)
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
}

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
  private final UnknownCommand unknown;

  Guard(CommandTable table, Dialect dialect, UnknownCommand unknown) {
    this.table = table;
    this.dialect = dialect;
    this.unknown = unknown;
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
    String why =
        switch (rule.kind()) {
          case UNKNOWN -> unknown.name(batch, command);
          case MAY_BLOCK ->
              asksToBlock(batch, command)
                  ? "ERR "
                      + rule.name()
                      + " with BLOCK is not available over REST: it would block the connection that"
                      + " requests share"
                  : null;
          case SCRIPT_CONTAINER, FUNCTION_CONTAINER, BY_SUBCOMMAND ->
              batch.arity(command) > 1 ? refusalBySubcommand(rule, batch, command) : null;
          case DIALECT -> rule.name().equals("COPY") ? refusalToCopy(batch, command) : null;
          default -> null;
        };
    if (why != null) {
      return why;
    }
    if (access == Access.READ_ONLY && !mayRead(rule, batch, command)) {
      return "NOPERM this user has no permissions to run the '"
          + batch.text(command, 0).toLowerCase(Locale.ROOT)
          + "' command or its subcommand: the token is read-only";
    }
    return rule.kind() == Kind.DIALECT ? dialect.misfit(rule.name(), batch.arity(command)) : null;
  }

  private @Nullable String refusalBySubcommand(CommandRule rule, CommandBatch batch, int command) {
    if (!table.hasSubcommand(rule, batch, command)) {
      return unknown.subcommand(batch, command);
    }
    return rule.kind() != Kind.BY_SUBCOMMAND
            && (batch.is(command, 1, "DEBUG") || batch.is(command, 1, "KILL"))
        ? "ERR "
            + rule.name()
            + ' '
            + batch.text(command, 1).toUpperCase(Locale.ROOT)
            + " is not available over REST: it concerns other callers' scripts"
        : null;
  }

  private static @Nullable String refusalToCopy(CommandBatch batch, int command) {
    for (int argument = 3; argument < batch.arity(command); argument++) {
      if (batch.isUpToNul(command, argument, "DB")) {
        return "ERR COPY with DB is not available over REST: it reaches another database than the"
            + " node's own";
      }
    }
    return null;
  }

  private static boolean mayRead(CommandRule rule, CommandBatch batch, int command) {
    return rule.mayRead()
        || (batch.arity(command) > 1
            && ReadCommands.subcommands(rule.name()).stream()
                .anyMatch(it -> batch.is(command, 1, it)));
  }

  /**
   * Walks the options as the engine does, since groups, consumers and keys may be called anything.
   */
  private static boolean asksToBlock(CommandBatch batch, int command) {
    for (int argument = 1; argument < batch.arity(command); argument++) {
      if (batch.isUpToNul(command, argument, "BLOCK")) {
        return true;
      } else if (batch.isUpToNul(command, argument, "STREAMS")) {
        return false;
      } else if (batch.isUpToNul(command, argument, "COUNT")) {
        argument++;
      } else if (batch.isUpToNul(command, argument, "GROUP")) {
        argument += 2;
      }
    }
    return false;
  }
}

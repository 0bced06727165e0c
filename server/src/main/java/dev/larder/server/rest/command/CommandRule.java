package dev.larder.server.rest.command;

import org.jspecify.annotations.Nullable;

/**
 * What the door knows of a command.
 *
 * @param name in capitals
 * @param family for metrics, such as {@code hash}
 * @param kind what has to be done before it may go to the engine
 * @param refusal why nobody may send it here, or null where it may be sent
 * @param mayRead whether the bearer of a read-only token may send it
 * @param counts whether the values that it finds, and does not find, are counted as hits and misses
 */
public record CommandRule(
    String name,
    String family,
    Kind kind,
    @Nullable String refusal,
    boolean mayRead,
    boolean counts) {

  /** How MULTI and EXEC are judged that the door itself sends. */
  public static final CommandRule TRANSACTION =
      new CommandRule("EXEC", "transaction", Kind.PLAIN, null, false, false);

  /** What has to be done with a command on its way. */
  public enum Kind {
    /** Goes as it is. */
    PLAIN,
    /** Its first argument is a script. */
    SCRIPT_TEXT,
    /** Its first argument names a script. */
    SCRIPT_DIGEST,
    /** Its first argument names a function. */
    FUNCTION_CALL,
    /** SCRIPT LOAD, EXISTS and their like. */
    SCRIPT_CONTAINER,
    /** FUNCTION LOAD and its like. */
    FUNCTION_CONTAINER,
    /** Names a unit of length. */
    UNITS,
    /** The engine may lack it, or an option of it. */
    DIALECT,
    /** Refused with BLOCK among its arguments. */
    MAY_BLOCK,
    /** Takes a count, which below zero makes its reply as long as is asked. */
    MAY_REPEAT,
    /** What it may do depends on its second word. */
    BY_SUBCOMMAND,
    /** The engine does not have it. */
    UNKNOWN
  }

  /** Whether the engine does not have a command of this name. */
  public boolean isUnknown() {
    return kind == Kind.UNKNOWN;
  }

  /** Whether it runs a script of its caller's, which may answer anything and take any time. */
  public boolean runsScript() {
    return kind == Kind.SCRIPT_TEXT || kind == Kind.SCRIPT_DIGEST || kind == Kind.FUNCTION_CALL;
  }
}

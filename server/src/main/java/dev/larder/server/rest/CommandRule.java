package dev.larder.server.rest;

import org.jspecify.annotations.Nullable;

/**
 * What the door knows of a command.
 *
 * @param name in capitals
 * @param family for metrics, such as {@code hash}
 * @param treatment what has to be done before it may go to the engine
 * @param refusal why nobody may send it here, or null where it may be sent
 * @param mayRead whether the bearer of a read-only token may send it
 * @param counts whether the values that it finds, and does not find, are counted as hits and misses
 */
record CommandRule(
    String name,
    String family,
    Treatment treatment,
    @Nullable String refusal,
    boolean mayRead,
    boolean counts) {

  /** What has to be done with a command on its way. */
  enum Treatment {
    /** Goes as it is. */
    NONE,
    /** Its first argument is a script. */
    SCRIPT_TEXT,
    /** Its first argument names a script. */
    SCRIPT_DIGEST,
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
    /** What it may do depends on its second word. */
    BY_SUBCOMMAND
  }
}

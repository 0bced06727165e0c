package dev.larder.server.rest.command;

import dev.larder.redis.engine.Engine;

/**
 * What the door knows of the commands of the engine at hand, at one time.
 *
 * @param guard which of them may pass
 * @param translator in which form they pass
 */
public record Commands(Guard guard, Translator translator) {

  /** Those of {@code engine}, by its own list of commands and its version. */
  static Commands of(Engine engine) {
    var dialect = new Dialect(engine);
    boolean since7 = engine.product().equals("valkey") || engine.version().atLeast(7, 0);
    return new Commands(
        new Guard(new CommandTable(engine, dialect), dialect, new UnknownCommand(since7)),
        new Translator(dialect, since7));
  }
}

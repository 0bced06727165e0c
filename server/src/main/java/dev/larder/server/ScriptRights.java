package dev.larder.server;

import dev.larder.redis.Command;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.redis.engine.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What scripts may do on an engine that the door refuses as commands: whatever the user of the
 * node's connection may. The door cannot look into scripts, so the one who starts the node is told.
 *
 * <p>The user is asked nothing about himself, which few may, but tries each command in a form that
 * does nothing: one with an argument that the engine refuses after it has looked at his rights.
 * That is the same on all engines. Commands that no engine runs from a script, such as CONFIG, are
 * left out.
 */
final class ScriptRights {
  private static final String NOT_THERE = "larder:there-is-no-such-key";

  private ScriptRights() {}

  /** What the one who starts the node is told of the rights of his user, if anything. */
  static Optional<String> warning(Redis redis, Engine engine, int database) {
    Map<String, Command> harmless = harmless(engine, database);
    List<Outcome> outcomes =
        redis.sendAll(List.copyOf(harmless.values())).toCompletableFuture().join();
    List<String> allowed = new ArrayList<>();
    int at = 0;
    for (String name : harmless.keySet()) {
      if (!(outcomes.get(at++) instanceof Outcome.Answered answered)) {
        return Optional.of(
            "could not ask the engine what scripts may do on it that the door refuses");
      }
      if (allows(answered.reply())) {
        allowed.add(name);
      }
    }
    return allowed.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "warning: on this engine scripts may do what the door refuses as commands ("
                + String.join(", ", allowed)
                + "): docs/engine.md has the ACL line for a user who may not");
  }

  private static Map<String, Command> harmless(Engine engine, int database) {
    var commands = new LinkedHashMap<String, Command>();
    commands.put("SLOWLOG", Command.of("SLOWLOG").arg("LEN"));
    commands.put(
        "MIGRATE", Command.of("MIGRATE").arg("none").arg("x").key(NOT_THERE).arg("x").arg("x"));
    if (engine.clustered()) {
      commands.put("CLUSTER", Command.of("CLUSTER").arg("COUNT-FAILURE-REPORTS").arg("x"));
    } else {
      commands.put("SWAPDB", Command.of("SWAPDB").arg("x").arg("x"));
      commands.put("MOVE", Command.of("MOVE").key(NOT_THERE).arg("x"));
      if (database == 0) { // for another one the node itself needs it
        commands.put("SELECT", Command.of("SELECT").arg("x"));
      }
    }
    return commands;
  }

  /** Whether the engine looked at more than the user's right to run the command. */
  private static boolean allows(Reply reply) {
    return !(reply instanceof Reply.Failure failure)
        || !((failure.code().equals("NOPERM") && !failure.message().contains(" key"))
            || failure.message().startsWith("ERR unknown command"));
  }
}

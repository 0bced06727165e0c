package dev.larder.redis.engine;

import dev.larder.LarderException;
import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.UnexpectedReplyException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * What answers at the other end: detected, never assumed.
 *
 * @param product {@code "redis"} or {@code "valkey"}
 * @param version of that product, not the one it claims to be compatible with; {@link
 *     Version#UNKNOWN} where the user may not run INFO
 * @param runId changes with every start of the engine; empty where the user may not run INFO
 * @param clustered whether it says that it is a node of a Cluster
 * @param commands by lower-case name; where the user may not run COMMAND, those that Redis 6.2 or
 *     7.0 has
 */
public record Engine(
    String product,
    Version version,
    String runId,
    boolean clustered,
    Map<String, CommandInfo> commands) {

  /** Keeps a copy that cannot change. */
  public Engine {
    commands = Map.copyOf(commands);
  }

  /**
   * Asks the engine what it is and what it can do. A user who may run neither INFO nor COMMAND is
   * given what every engine since Redis 6.2 has.
   *
   * @return fails with {@link UnexpectedReplyException} if it answers neither what was asked nor
   *     that this user may not ask
   */
  public static CompletionStage<Engine> detectAsync(Redis redis) {
    return redis
        .sendAll(List.of(Command.of("INFO").arg("server"), Command.of("COMMAND")))
        .thenApply(replies -> EngineReplies.engine(replies.get(0).reply(), replies.get(1).reply()));
  }

  /**
   * As {@link #detectAsync}, waiting for the answer: at most the budget of a call.
   *
   * @throws LarderException if Redis could not be asked or did not tell
   */
  public static Engine detect(Redis redis) {
    try {
      return detectAsync(redis).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof LarderException fault) {
        throw fault;
      }
      throw e;
    }
  }

  /** Whether it has a command of this name, in upper or lower case. */
  public boolean has(String command) {
    return command(command).isPresent();
  }

  /** The command of this name, in upper or lower case. */
  public Optional<CommandInfo> command(String name) {
    return Optional.ofNullable(commands.get(name.toLowerCase(Locale.ROOT)));
  }

  /** Such as {@code redis 7.0.15}: what a message to people needs. */
  @Override
  public String toString() {
    return version.equals(Version.UNKNOWN)
        ? "an engine of unknown version"
        : product + ' ' + version;
  }
}

package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.HttpFault;
import dev.larder.server.http.auth.EngineUser;
import dev.larder.server.rest.engine.Connections;
import dev.larder.server.rest.engine.EngineFaults;
import dev.larder.server.rest.engine.EngineLimits;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Asks the engine whether a user's password is right, for one event loop. Each question has a
 * connection that is used for nothing else and closed behind it, since a right password changes as
 * whom a connection speaks; of these there are at most {@value #MOST} at a time.
 */
final class PasswordCheck {
  private static final int MOST = 4;

  /** What the engine says to a user's password. */
  enum Verdict {
    RIGHT,
    WRONG,
    /** The user has none, so that any is taken. */
    NONE_NEEDED
  }

  private final EventLoop loop;
  private final Connections connections;
  private final EngineLimits limits;
  private final SecureRandom random = new SecureRandom();
  private int asking;

  /**
   * Has asked nothing yet.
   *
   * @param connections to the engine; on a Cluster to any node of it, as users are the same on all
   */
  PasswordCheck(EventLoop loop, Connections connections, EngineLimits limits) {
    this.loop = loop;
    this.connections = connections;
    this.limits = limits;
  }

  /** Whether there is room for a question. */
  boolean hasRoom() {
    return asking < MOST;
  }

  /** The verdict, on the event loop; fails with an {@link HttpFault} where there is none. */
  CompletableFuture<Verdict> of(EngineUser user) {
    asking++;
    CompletionStage<StatefulRedisConnection<byte[], byte[]>> opening = connections.open();
    return opening
        .thenCompose(connection -> verdict(connection, user))
        .toCompletableFuture()
        .orTimeout(limits.budget().toMillis(), TimeUnit.MILLISECONDS)
        .whenCompleteAsync(
            (verdict, fault) -> {
              asking--;
              var unused = opening.thenCompose(StatefulRedisConnection::closeAsync);
            },
            loop)
        .exceptionallyCompose(fault -> CompletableFuture.failedFuture(EngineFaults.UNREACHABLE));
  }

  /** A user without a password is known by taking a random one too. */
  private CompletionStage<Verdict> verdict(
      StatefulRedisConnection<byte[], byte[]> connection, EngineUser user) {
    var other = new byte[32];
    random.nextBytes(other);
    return takes(connection, user.name(), user.password())
        .thenCompose(
            right ->
                right
                    ? takes(connection, user.name(), HexFormat.of().formatHex(other))
                        .thenApply(any -> any ? Verdict.NONE_NEEDED : Verdict.RIGHT)
                    : CompletableFuture.completedFuture(Verdict.WRONG));
  }

  private static CompletionStage<Boolean> takes(
      StatefulRedisConnection<byte[], byte[]> connection, String name, String password) {
    return connection
        .async()
        .dispatch(
            CommandType.AUTH,
            new StatusOutput<>(ByteArrayCodec.INSTANCE),
            new CommandArgs<>(ByteArrayCodec.INSTANCE)
                .add(name.getBytes(UTF_8))
                .add(password.getBytes(UTF_8)))
        .thenApply(ok -> true)
        .exceptionally(
            fault -> {
              if (EngineFaults.isWrongPassword(fault)) {
                return false;
              }
              throw new CompletionException(fault);
            });
  }
}

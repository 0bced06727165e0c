package dev.larder.redis.lettuce;

import dev.larder.redis.Command;
import dev.larder.redis.Engine;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisUri;
import dev.larder.redis.Reply;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Redis over TCP or a unix socket: one engine, Sentinels, or a Cluster; one connection to each
 * node.
 */
public final class LettuceRedis implements Redis {

  private LettuceRedis() {}

  /**
   * Connects, and detects the engine.
   *
   * @throws dev.larder.redis.RedisUnavailableException if it cannot be reached, or refuses the
   *     password
   */
  public static LettuceRedis connect(RedisUri uri) {
    return connect(uri, it -> {});
  }

  /**
   * As {@link #connect(RedisUri)}, with options: {@code connect(uri, it ->
   * it.budget(ofMillis(500)))}.
   *
   * @throws dev.larder.redis.RedisUnavailableException if it cannot be reached, or refuses the
   *     password
   */
  public static LettuceRedis connect(RedisUri uri, Consumer<LettuceOptions> options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Reply> send(Command command) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<List<Reply>> sendAll(List<Command> commands) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Engine engine() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}

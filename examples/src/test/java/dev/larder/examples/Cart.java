package dev.larder.examples;

import dev.larder.LarderException;
import dev.larder.redis.Command;
import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** An application's own code, as a test of it sees it. */
final class Cart implements AutoCloseable {
  private final LettuceRedis redis;

  Cart(String uri) {
    this.redis = LettuceRedis.connect(RedisUri.parse(uri));
  }

  void put(String item) {
    redis.send(Command.of("SADD").key("cart").arg(item)).toCompletableFuture().join();
  }

  /** What is in it, or nothing where Redis cannot tell now. */
  Optional<List<String>> items() {
    try {
      Reply reply = redis.send(Command.of("SMEMBERS").key("cart")).toCompletableFuture().join();
      return Optional.of(reply.array().stream().map(Reply::text).toList());
    } catch (CompletionException e) {
      if (e.getCause() instanceof LarderException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    redis.close();
  }
}

package dev.larder.redis.lettuce;

import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.larder.redis.Redis;
import dev.larder.redis.uri.RedisUri;
import java.util.concurrent.CompletionStage;

/** Connects and waits amply, so that a busy machine breaks no test that is not about time. */
final class Patient {
  private Patient() {}

  /** Calls have a minute. */
  static Redis connect(String uri) {
    return LettuceRedis.connect(RedisUri.parse(uri), it -> it.budget(ofSeconds(60)));
  }

  /** The value of a stage, or its fault in a CompletionException. */
  static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(90, SECONDS).join();
  }
}

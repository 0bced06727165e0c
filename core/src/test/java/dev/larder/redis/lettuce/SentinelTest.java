package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.RedisUri;
import dev.larder.redis.Reply;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SentinelTest {
  @Test
  void findsThePrimaryAlsoAfterAFailover() {
    try (RealRedis first = RealRedis.started("--repl-diskless-sync-delay", "0");
        RealRedis second = RealRedis.started("--replicaof", "127.0.0.1 " + first.port());
        RealRedis sentinel = RealRedis.sentinel("main", first)) {
      RedisUri uri = RedisUri.parse("redis-sentinel://127.0.0.1:" + sentinel.port() + "#main");
      try (Redis redis = LettuceRedis.connect(uri)) {
        assertThat(send(redis, Command.of("SET").key("k").arg("v")).join())
            .isEqualTo(new Reply.Status("OK"));
        await().atMost(20, SECONDS).until(() -> knowsReplica(sentinel));
        await()
            .atMost(20, SECONDS)
            .until(
                () ->
                    send(redis, Command.of("WAIT").arg(1).arg(500))
                        .join()
                        .equals(new Reply.Int(1)));

        first.kill();
        await()
            .atMost(30, SECONDS)
            .until(
                () ->
                    send(redis, Command.of("SET").key("k").arg("w"))
                        .handle((reply, fault) -> reply instanceof Reply.Status)
                        .join());

        try (Redis direct = LettuceRedis.connect(second.uri())) {
          assertThat(send(direct, Command.of("GET").key("k")).join())
              .isEqualTo(new Reply.Bulk("w".getBytes(UTF_8)));
        }
      }
      assertThatThrownBy(
              () -> LettuceRedis.connect(RedisUri.parse(uri.toString().replace("main", "other"))))
          .isInstanceOf(RedisUnavailableException.class)
          .hasMessageContaining("#other");
    }
  }

  private static CompletableFuture<Reply> send(Redis redis, Command command) {
    return redis.send(command).toCompletableFuture();
  }

  private static boolean knowsReplica(RealRedis sentinel) {
    try (Redis direct = LettuceRedis.connect(sentinel.uri())) {
      return send(direct, Command.of("SENTINEL").arg("REPLICAS").arg("main")).join().array().size()
          == 1;
    }
  }
}

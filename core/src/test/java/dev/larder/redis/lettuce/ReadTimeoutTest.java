package dev.larder.redis.lettuce;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.relay.TcpRelay;
import io.netty.channel.Channel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** "Half-open connections": one whose other end is gone without a word is closed. */
class ReadTimeoutTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  @Test
  void aConnectionFromWhichNothingComesBackIsClosedAndOpenedAnew() {
    try (Channels channels = new Channels();
        TcpRelay relay = TcpRelay.to(engine.process().port());
        Redis redis =
            LettuceRedis.connect(
                RedisUri.parse("redis://127.0.0.1:" + relay.port()),
                it -> it.budget(ofMillis(500)).resources(channels.resources()))) {
      Channel first = channels.all().get(0);
      relay.stall();
      var unused = redis.send(Command.of("PING"));

      await().until(() -> !first.isActive());
      relay.resume();
      await().until(() -> answers(redis));
      assertThat(channels.all()).hasSizeGreaterThan(1);
    }
  }

  private static boolean answers(Redis redis) {
    return redis
        .send(Command.of("PING"))
        .handle((reply, fault) -> new Reply.Status("PONG").equals(reply))
        .toCompletableFuture()
        .join();
  }
}

package dev.larder.redis.lettuce;

import static java.time.Duration.ofMillis;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisUri;
import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.relay.TcpRelay;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** "Half-open connections": one whose other end is gone without a word is closed. */
class SilenceTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  @Test
  void aConnectionFromWhichNothingComesBackIsClosedAndOpenedAnew() {
    List<Channel> channels = new CopyOnWriteArrayList<>();
    ClientResources resources =
        LettuceClients.resources()
            .nettyCustomizer(
                new NettyCustomizer() {
                  @Override
                  public void afterChannelInitialized(Channel channel) {
                    channels.add(channel);
                  }
                })
            .build();
    try (TcpRelay relay = TcpRelay.to(engine.process().port());
        Redis redis =
            LettuceRedis.connect(
                RedisUri.parse("redis://127.0.0.1:" + relay.port()),
                it -> it.budget(ofMillis(500)).resources(resources))) {
      Channel first = channels.get(0);
      relay.stall();
      var unused = redis.send(Command.of("PING"));

      await().until(() -> !first.isActive());
      relay.resume();
      await().until(() -> answers(redis));
      assertThat(channels).hasSizeGreaterThan(1);
    } finally {
      resources.shutdown().awaitUninterruptibly(90, SECONDS);
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

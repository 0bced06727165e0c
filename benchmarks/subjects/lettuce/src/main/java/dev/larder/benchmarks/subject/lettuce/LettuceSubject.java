package dev.larder.benchmarks.subject.lettuce;

import dev.larder.benchmarks.driver.Client;
import dev.larder.benchmarks.driver.Driver;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;

/**
 * Lettuce's asynchronous commands with raw bytes on one connection: {@code plain}, as it comes, or
 * {@code consolidated}, with Netty's handler that shares flushes, which is one line of an
 * application's own and doubles what Lettuce does.
 */
public final class LettuceSubject {
  private static final int FLUSH_AFTER = 256;

  private LettuceSubject() {}

  /** Takes the engine's URI and the variant, and is driven by lines on its standard input. */
  public static void main(String[] args) throws Exception {
    ClientResources resources = resources(args[1]);
    RedisClient client = RedisClient.create(resources, args[0]);
    try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
      Driver.serve(client(connection.async()));
    } finally {
      client.shutdown();
      resources.shutdown().syncUninterruptibly();
    }
  }

  static ClientResources resources(String variant) {
    return switch (variant) {
      case "plain" -> ClientResources.create();
      case "consolidated" -> ClientResources.builder().nettyCustomizer(new SharedFlushes()).build();
      default -> throw new IllegalArgumentException("plain or consolidated, was " + variant);
    };
  }

  static Client client(RedisAsyncCommands<byte[], byte[]> commands) {
    return (key, answer) -> commands.get(key).whenComplete(answer);
  }

  private static final class SharedFlushes implements NettyCustomizer {
    @Override
    public void afterChannelInitialized(Channel channel) {
      channel.pipeline().addFirst(new FlushConsolidationHandler(FLUSH_AFTER, true));
    }
  }
}

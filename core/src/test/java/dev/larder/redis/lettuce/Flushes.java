package dev.larder.redis.lettuce;

import dev.larder.redis.lettuce.link.LettuceClients;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for connections, which count the flushes of all of them. */
final class Flushes implements AutoCloseable {
  private final AtomicInteger count = new AtomicInteger();
  private final ClientResources resources =
      LettuceClients.resources()
          .nettyCustomizer(
              new NettyCustomizer() {
                @Override
                public void afterChannelInitialized(Channel channel) {
                  channel.pipeline().addFirst(new Counter());
                }
              })
          .build();

  private final class Counter extends ChannelOutboundHandlerAdapter {
    @Override
    public void flush(ChannelHandlerContext context) {
      count.incrementAndGet();
      context.flush();
    }
  }

  ClientResources resources() {
    return resources;
  }

  int count() {
    return count.get();
  }

  @Override
  public void close() {
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(90, TimeUnit.SECONDS);
  }
}

package dev.larder.redis.lettuce;

import dev.larder.redis.lettuce.link.LettuceClients;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for connections, which know their channels and count the flushes of all of them. */
final class Channels implements AutoCloseable {
  private final AtomicInteger flushes = new AtomicInteger();
  private final List<Channel> all = new CopyOnWriteArrayList<>();
  private final ClientResources resources =
      LettuceClients.resources()
          .nettyCustomizer(
              new NettyCustomizer() {
                @Override
                public void afterChannelInitialized(Channel channel) {
                  all.add(channel);
                  channel.pipeline().addFirst(new Counter());
                }
              })
          .build();

  private final class Counter extends ChannelOutboundHandlerAdapter {
    @Override
    public void flush(ChannelHandlerContext context) {
      flushes.incrementAndGet();
      context.flush();
    }
  }

  /** To connect with. */
  ClientResources resources() {
    return resources;
  }

  /** All that were opened so far, closed ones included. */
  List<Channel> all() {
    return List.copyOf(all);
  }

  int flushes() {
    return flushes.get();
  }

  @Override
  public void close() {
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(90, TimeUnit.SECONDS);
  }
}

package dev.larder.redis.lettuce.link;

import io.lettuce.core.protocol.CommandHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection at its first fault. It stands right before Lettuce's {@link CommandHandler},
 * which would fail the oldest command and go on, after which every reply would be taken for the one
 * before it. Faults from elsewhere arrive here on their way to it; its own, such as the lack of
 * memory for the bytes that came, Netty would hand to nobody but itself, and so it is called from
 * here.
 */
final class Fuse extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Fuse.class);

  private final CommandHandler decoder;
  private boolean blown;

  Fuse(CommandHandler decoder) {
    this.decoder = decoder;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (blown) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      decoder.channelRead(context.pipeline().context(decoder), message);
    } catch (Throwable fault) {
      blow(context, fault);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    blow(context, fault);
  }

  private void blow(ChannelHandlerContext context, Throwable fault) {
    if (!blown) {
      blown = true;
      log.warn("the connection to the engine is closed after a fault", fault);
      var unused = context.channel().close();
    }
  }
}

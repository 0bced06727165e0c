package dev.larder.redis.lettuce.link;

import io.lettuce.core.protocol.CommandHandler;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection at its first fault, after which nothing of it is decoded any more. It stands
 * right before Lettuce's {@link CommandHandler}, which would fail the oldest command and go on,
 * after which every reply would be taken for the one before it. Faults from elsewhere arrive here
 * on their way to it; its own, such as the lack of memory for the bytes that came, Netty would hand
 * to nobody but itself, and so it is called from here.
 */
final class Fuse extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Fuse.class);

  private final ChannelHandlerContext decoder;
  private @Nullable Throwable blownBy;

  /**
   * @param decoder where Lettuce's {@link CommandHandler} stands
   */
  Fuse(ChannelHandlerContext decoder) {
    this.decoder = decoder;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (blownBy != null) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      ((CommandHandler) decoder.handler()).channelRead(decoder, message);
    } catch (Throwable fault) {
      blow(fault);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
    blow(fault);
  }

  void blow(Throwable fault) {
    if (blownBy == null) {
      blownBy = fault;
      log.warn("the connection to the engine is closed after a fault", fault);
      close(decoder.channel());
    }
  }

  /** The fault after which the connection was closed, or null if there was none. */
  @Nullable Throwable blownBy() {
    return blownBy;
  }

  /** Closes a connection at once: TLS would take leave of the other end first, for seconds. */
  static void close(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    var unused = first == null ? channel.close() : first.close();
  }
}

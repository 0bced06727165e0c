package dev.larder.redis.lettuce.link;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that something was sent on and nothing comes back from: its other end may be
 * gone without a word, which TCP notices after a quarter of an hour, or never where something in
 * between still acknowledges. Lettuce then connects anew.
 */
final class ReadTimeout extends ChannelDuplexHandler {
  private final long longest;
  private boolean waiting;
  private long since;
  private @Nullable ScheduledFuture<?> checking;

  /**
   * @param longest how long is waited for the first byte of an answer
   */
  ReadTimeout(Duration longest) {
    this.longest = longest.toNanos();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) throws Exception {
    checking =
        context
            .executor()
            .scheduleAtFixedRate(
                () -> check(context), longest / 8, longest / 8, TimeUnit.NANOSECONDS);
    super.channelActive(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    if (checking != null) {
      checking.cancel(false);
    }
    super.channelInactive(context);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (!waiting) {
      waiting = true;
      since = System.nanoTime();
    }
    super.write(context, message, promise);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    waiting = false;
    super.channelRead(context, message);
  }

  private void check(ChannelHandlerContext context) {
    if (waiting && System.nanoTime() - since > longest) {
      var unused = context.close();
    }
  }
}

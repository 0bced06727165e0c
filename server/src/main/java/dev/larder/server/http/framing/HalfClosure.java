package dev.larder.server.http.framing;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Lets a caller who has sent all that it will send still read the answers: it may close its sending
 * side behind the last request (RFC 9112, section 9.6). The connection is closed behind the last
 * answer, and at once where none is due. A stream of events has no last answer: its caller says in
 * this way that it is gone.
 *
 * <p>It stands between the HTTP/1 codec and what answers.
 */
public final class HalfClosure extends ChannelDuplexHandler {
  private static final String STREAM = "text/event-stream";

  private int unanswered;
  private boolean nothingMoreComes;
  private boolean interim;
  private boolean streaming;

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof LastHttpContent) {
      unanswered++;
    }
    super.channelRead(context, message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      nothingMoreComes = true;
      if (unanswered <= 0 || streaming) {
        var unused = context.close();
      }
    }
    super.userEventTriggered(context, event);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (message instanceof HttpResponse response) {
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
      streaming = type != null && type.regionMatches(true, 0, STREAM, 0, STREAM.length());
    }
    boolean last = message instanceof LastHttpContent && !interim;
    if (last) {
      streaming = false;
      unanswered--;
    }
    ChannelPromise written =
        nothingMoreComes && (streaming || (last && unanswered <= 0))
            ? promise.unvoid().addListener(ChannelFutureListener.CLOSE)
            : promise;
    super.write(context, message, written);
  }
}

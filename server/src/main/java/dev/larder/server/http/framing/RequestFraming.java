package dev.larder.server.http.framing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a connection's bytes through to the HTTP codec as long as they are requests of one meaning
 * only. At the first byte that makes no sense it answers with status 400, or 414 or 431 for what is
 * too long, in its turn behind the answers to the requests before, and closes the connection:
 * nothing of that request, if it is its head that is wrong, and nothing behind it, is ever seen by
 * anybody.
 *
 * <p>Connections that it closes linger (RFC 9112, section 9.6): a caller who is still sending can
 * read the answer. And a caller who has sent all that it will send can still read the answers: it
 * may close its sending side behind the last request. Its connection is closed behind the last
 * answer, and at once where none is due. A stream of events has no last answer: its caller says in
 * this way that it is gone.
 */
public final class RequestFraming extends ChannelDuplexHandler {
  private static final AttributeKey<RequestFraming> KEY =
      AttributeKey.valueOf(RequestFraming.class, "framing");
  private static final long LINGER_SECONDS = 5;
  private static final String STREAM = "text/event-stream";
  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[8 * 1024];
        }
      };

  private final RequestSyntax syntax;
  private final Refusals refusals;
  private @Nullable ByteBuf held;
  private int answered;

  /** An answer that has begun and not ended. */
  private @Nullable HttpResponse answering;

  private @Nullable MalformedRequestException fault;
  private int due;
  private boolean deaf;
  private boolean lingering;
  private boolean nothingMoreComes;

  /** Has the last word on requests that are refused. */
  @FunctionalInterface
  public interface Refusals {
    /** The body, as JSON, of the answer with this status: one is sent for each refusal. */
    byte[] body(int status, String sentence);
  }

  private RequestFraming(int lineBytes, int headerBytes, Refusals refusals) {
    this.syntax = new RequestSyntax(lineBytes, headerBytes);
    this.refusals = refusals;
  }

  /**
   * Puts one into a connection on which nothing has come yet.
   *
   * @param decoder the name of the handler that decodes HTTP/1
   * @param handler the name of the one that gets what is decoded
   * @param lineBytes the longest request line
   * @param headerBytes the longest headers, all together
   * @param refusals makes the body of the answer to each request that is refused
   */
  public static void install(
      ChannelPipeline pipeline,
      String decoder,
      String handler,
      int lineBytes,
      int headerBytes,
      Refusals refusals) {
    var framing = new RequestFraming(lineBytes, headerBytes, refusals);
    pipeline.addBefore(decoder, null, framing);
    pipeline.addBefore(handler, null, framing.new Answers());
    pipeline.channel().attr(KEY).set(framing);
  }

  /**
   * Nothing more is taken from this connection, and it lingers when it is closed, for its caller is
   * in the midst of something that is not wanted.
   */
  public static void deafen(HttpConnection connection) {
    RequestFraming framing =
        connection instanceof ConnectionBase base ? base.channel().attr(KEY).get() : null;
    if (framing != null) {
      framing.deaf = true;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (deaf) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof ByteBuf bytes) {
      read(context, bytes);
    } else {
      context.fireChannelRead(message);
    }
  }

  private void read(ChannelHandlerContext context, ByteBuf come) {
    ByteBuf bytes = come;
    int at = come.readerIndex();
    boolean holds = held != null;
    if (held != null) {
      bytes = held;
      held = null;
      at = bytes.writerIndex();
      bytes.writeBytes(come);
      come.release();
    }
    int whole = bytes.readerIndex();
    int end = bytes.writerIndex();
    byte[] scratch = SCRATCH.get();
    try {
      while (at < end) {
        int passed = syntax.passOver(end - at);
        if (passed == 0) {
          int length = Math.min(end - at, scratch.length);
          bytes.getBytes(at, scratch, 0, length);
          passed = syntax.read(scratch, 0, length);
        }
        at += passed;
        if (!syntax.inHead() || syntax.betweenRequests()) {
          whole = at;
        }
      }
      if (holds && whole == bytes.readerIndex()) {
        // Still no whole head: copied anew for each of its bytes, a long one would cost its square.
        held = bytes;
      } else {
        pass(context, bytes, whole);
      }
    } catch (MalformedRequestException wrong) {
      deaf = true;
      fault = wrong;
      due = syntax.inHead() ? syntax.heads() : syntax.heads() - 1;
      bytes.writerIndex(whole);
      pass(context, bytes, whole);
      refuse(context);
    }
  }

  /**
   * Passes on what comes before {@code whole}, and holds the rest back: the beginning of a head.
   */
  private void pass(ChannelHandlerContext context, ByteBuf bytes, int whole) {
    int rest = bytes.writerIndex() - whole;
    if (rest > 0) {
      held = context.alloc().buffer(Math.max(256, rest)).writeBytes(bytes, whole, rest);
      bytes.writerIndex(whole);
    }
    if (bytes.isReadable()) {
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
  }

  /** Answers once it is this request's turn. */
  private void refuse(ChannelHandlerContext context) {
    MalformedRequestException wrong = fault;
    if (wrong == null || lingering || answered < due || answering != null) {
      return;
    }
    fault = null;
    byte[] body = refusals.body(wrong.status(), wrong.sentence());
    ByteBuf answer = answered == due ? answer(wrong.status(), body) : Unpooled.EMPTY_BUFFER;
    context.writeAndFlush(answer).addListener(written -> close(context, context.newPromise()));
  }

  private static ByteBuf answer(int status, byte[] body) {
    String head =
        "HTTP/1.1 "
            + HttpResponseStatus.valueOf(status)
            + "\r\ncontent-type: application/json\r\ncache-control: no-store\r\nconnection: close"
            + "\r\ncontent-length: "
            + body.length
            + "\r\n\r\n";
    return Unpooled.wrappedBuffer(head.getBytes(US_ASCII), body);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    Channel channel = context.channel();
    if (!deaf
        || lingering
        || !channel.isActive()
        || channel.pipeline().get(SslHandler.class) != null
        || !(channel instanceof DuplexChannel duplex)
        || duplex.isInputShutdown()) {
      var unused = context.close(promise);
      return;
    }
    lingering = true;
    duplex.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    var unused =
        context.executor().schedule(() -> end(context, promise), LINGER_SECONDS, TimeUnit.SECONDS);
  }

  private static void end(ChannelHandlerContext context, ChannelPromise promise) {
    var unused = context.close(promise);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      nothingMoreComes = true;
      if (lingering || allIsSaid()) {
        var unused = context.close();
      }
    }
    context.fireUserEventTriggered(event);
  }

  /** Whether a caller who sends nothing more has all answers that there will be. */
  private boolean allIsSaid() {
    return fault == null
        && (answering == null ? answered >= syntax.requests() : isStream(answering));
  }

  private static boolean isStream(HttpResponse response) {
    String type = response.headers().get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && type.regionMatches(true, 0, STREAM, 0, STREAM.length());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  /** Sees which requests were answered. */
  private final class Answers extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (message instanceof HttpResponse response) {
        if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
          var unused = context.write(message, promise);
          return;
        }
        answering = response;
      }
      boolean last = message instanceof LastHttpContent;
      if (last) {
        answering = null;
        answered++;
      }
      ChannelPromise written =
          nothingMoreComes && allIsSaid()
              ? promise.unvoid().addListener(ChannelFutureListener.CLOSE)
              : promise;
      var unused = context.write(message, written);
      ChannelHandlerContext framing =
          last && fault != null ? context.pipeline().context(RequestFraming.this) : null;
      if (framing != null) {
        refuse(framing);
      }
    }
  }
}

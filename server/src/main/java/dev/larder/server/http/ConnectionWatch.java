package dev.larder.server.http;

import dev.larder.server.http.framing.OriginForm;
import dev.larder.server.http.framing.RequestFraming;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows of one connection whether its caller is sending a request, waits for an answer, or does
 * neither, and since when. It sits in front of the HTTP decoder, since a caller who sends one byte
 * of a header now and then is seen nowhere else. With HTTP/2 several requests are under way at a
 * time, each with a deadline of its own.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<ConnectionWatch> KEY =
      AttributeKey.valueOf(ConnectionWatch.class, "watch");

  /** Vert.x's names for them, where HTTP/1 is spoken. */
  private static final String DECODER = "httpDecoder";

  private static final String HANDLER = "handler";

  private final Channel channel;
  private final Runnable whenGone;
  private long quietSince = System.nanoTime();
  private long arrivingSince = Long.MIN_VALUE;
  private final Deque<Call> underWay = new ArrayDeque<>();
  private final Deque<Untaken> untaken = new ArrayDeque<>(2);

  /** An answer that its caller has not taken yet. */
  static final class Untaken {
    private final long since = System.nanoTime();

    private Untaken() {}
  }

  private ConnectionWatch(Channel channel, Runnable whenGone) {
    this.channel = channel;
    this.whenGone = whenGone;
  }

  /**
   * Watches a connection on which nothing has come yet.
   *
   * @param refusals answers those that are refused before they are requests
   */
  static ConnectionWatch on(
      HttpConnection connection,
      HttpLimits limits,
      RequestFraming.Refusals refusals,
      Runnable whenGone) {
    Channel channel = ((ConnectionBase) connection).channel();
    var watch = new ConnectionWatch(channel, whenGone);
    channel.attr(KEY).set(watch);
    channel.pipeline().addFirst(watch);
    if (channel.pipeline().get(DECODER) != null) {
      RequestFraming.install(
          channel.pipeline(), DECODER, HANDLER, limits.lineBytes(), limits.headerBytes(), refusals);
      channel.pipeline().addBefore(HANDLER, null, new OriginForm());
    }
    return watch;
  }

  /** The watch of the connection that a request came on, if it is watched. */
  static @Nullable ConnectionWatch of(HttpConnection connection) {
    return connection instanceof ConnectionBase base ? base.channel().attr(KEY).get() : null;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
    if (underWay.isEmpty() && arrivingSince == Long.MIN_VALUE) {
      arrivingSince = System.nanoTime();
    }
    super.channelRead(context, bytes);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    whenGone.run();
    super.channelInactive(context);
  }

  /** A request's headers are complete. */
  void began(Call call) {
    underWay.add(call);
    arrivingSince = Long.MIN_VALUE;
  }

  /** A request was answered. */
  void ended(Call call) {
    underWay.removeFirstOccurrence(call);
    if (underWay.isEmpty()) {
      quietSince = System.nanoTime();
    }
  }

  /** An answer goes out; its caller has it when {@link #taken} is called. */
  Untaken answering() {
    var answer = new Untaken();
    untaken.add(answer);
    return answer;
  }

  /** An answer was taken, or never will be. */
  void taken(Untaken answer) {
    untaken.remove(answer);
  }

  private boolean isTakenTooSlowly(long now, HttpLimits limits) {
    Untaken oldest = untaken.peek();
    return oldest != null && now - oldest.since > limits.write().toNanos();
  }

  /** Ends what takes too long. */
  void check(long now, HttpLimits limits) {
    // With HTTP/2 a caller may take one request back, and leave the connection open.
    if (underWay.removeIf(Call::gone) && underWay.isEmpty()) {
      quietSince = now;
    }
    // One that is answered leaves them.
    for (Call call : List.copyOf(underWay)) {
      if (call.awaitsBodyLongerThan(limits.request(), now)) {
        call.failForGood(
            new HttpFault(
                408,
                "ERR the request's body did not arrive within "
                    + limits.request().toMillis()
                    + " ms"));
      }
    }
    if (isTakenTooSlowly(now, limits)) {
      closeAtOnce();
    } else if (underWay.isEmpty()
        && untaken.isEmpty()
        && (arrivingSince == Long.MIN_VALUE
            ? now - quietSince > limits.idle().toNanos()
            : now - arrivingSince > limits.request().toNanos())) {
      close();
    }
  }

  /** Not behind what waits to be written, as Vert.x would: nobody takes that. */
  private void closeAtOnce() {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    var unused = first == null ? channel.close() : first.close();
  }

  private void close() {
    var unused = channel.close();
  }
}

package dev.larder.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Knows of one connection whether its caller is sending a request, waits for an answer, or does
 * neither, and since when. It sits in front of the HTTP decoder, since a caller who sends one byte
 * of a header now and then is seen nowhere else.
 */
final class ConnectionWatch extends ChannelInboundHandlerAdapter {
  private static final AttributeKey<ConnectionWatch> KEY =
      AttributeKey.valueOf(ConnectionWatch.class, "watch");

  /** Vert.x's name for it, where HTTP/1 is spoken. */
  private static final String DECODER = "httpDecoder";

  private final Channel channel;
  private final Runnable whenGone;
  private long quietSince = System.nanoTime();
  private long arrivingSince = Long.MIN_VALUE;
  private int underWay;
  private @Nullable Call incomplete;
  private long incompleteSince;
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

  static ConnectionWatch on(HttpConnection connection, Runnable whenGone) {
    Channel channel = ((ConnectionBase) connection).channel();
    var watch = new ConnectionWatch(channel, whenGone);
    channel.attr(KEY).set(watch);
    channel.pipeline().addFirst(watch);
    if (channel.pipeline().get(DECODER) != null) {
      channel.pipeline().addAfter(DECODER, null, new KnownVersions());
    }
    return watch;
  }

  /** The watch of the connection that a request came on, if it is watched. */
  static @Nullable ConnectionWatch of(HttpConnection connection) {
    return connection instanceof ConnectionBase base ? base.channel().attr(KEY).get() : null;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
    if (underWay == 0 && arrivingSince == Long.MIN_VALUE) {
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
  void began() {
    underWay++;
    arrivingSince = Long.MIN_VALUE;
  }

  /** A request was answered. */
  void ended() {
    if (--underWay == 0) {
      quietSince = System.nanoTime();
    }
  }

  /** The body of this request is being waited for. */
  void awaitsBody(Call call) {
    incomplete = call;
    incompleteSince = System.nanoTime();
  }

  /** No body is being waited for. */
  void bodyComplete() {
    incomplete = null;
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
    Call late = incomplete;
    if (late != null && now - incompleteSince > limits.request().toNanos()) {
      incomplete = null;
      late.fail(
          new HttpFault(
              408,
              "ERR the request's body did not arrive within "
                  + limits.request().toMillis()
                  + " ms"));
      close();
    } else if (isTakenTooSlowly(now, limits)) {
      closeAtOnce();
    } else if (underWay == 0
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

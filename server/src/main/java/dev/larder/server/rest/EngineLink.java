package dev.larder.server.rest;

import dev.larder.redis.RedisUri;
import dev.larder.redis.RedisUri.Topology;
import dev.larder.redis.lettuce.LettuceClients;
import dev.larder.server.http.HttpFault;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's connection to the engine, on that same loop, so that neither a request nor a
 * reply changes threads.
 *
 * <p>Commands go to Lettuce's channel rather than to its connection: what the connection would add
 * (a queue for replaying commands after an outage, a promise for each of them) is what must not
 * happen here. All commands of a turn of the loop go out with one flush at its end. Lettuce sees to
 * connecting, authentication, Sentinels, decoding, and to failing all commands in flight the moment
 * their connection breaks.
 */
final class EngineLink implements Link {
  /** How often what waits is looked at. */
  static final Duration SWEEP = Duration.ofMillis(50);

  /**
   * Nothing of a command was sent. It says nothing of where it was made, so that one serves all.
   */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  static final HttpFault UNREACHABLE =
      new HttpFault(503, "ERR the engine cannot be reached, nothing was executed: try again");

  /** An engine that is silent for so many budgets, and so long, is taken for gone. */
  private static final int SILENT_BUDGETS = 3;

  private static final Duration LEAST_SILENCE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(EngineLink.class);

  private final EventLoop loop;
  private final boolean behindSentinels;
  private final AtomicInteger connections;
  private final long budgetNanos;
  private final long mostBytes;
  private final HttpFault tooLate;
  private final ClientResources resources;
  private final Connections own;
  private final Connections others;
  private final Deque<Exchange> inFlight = new ArrayDeque<>();
  private List<WireCommand> turn = new ArrayList<>();
  private @Nullable ScheduledFuture<?> sweeping;
  private volatile @Nullable Channel channel;
  private volatile boolean closing;
  private boolean lost;
  private long bytes;

  EngineLink(EventLoop loop, RedisUri uri, RestLimits limits, AtomicInteger connections) {
    this.loop = loop;
    this.connections = connections;
    this.budgetNanos = limits.budget().toNanos();
    this.mostBytes = limits.waitingBytes();
    this.behindSentinels = uri.topology() == Topology.SENTINEL;
    this.tooLate = tooLate(limits);
    var sameLoop = new OneLoop(loop);
    this.resources = LettuceClients.resources().eventLoopGroupProvider(sameLoop).build();
    // mutate() takes over everything but the event loops.
    this.own =
        new Connections(
            uri,
            resources.mutate().eventLoopGroupProvider(sameLoop).nettyCustomizer(new Tap()).build());
    this.others = new Connections(uri, resources);
  }

  /** What a caller is told whose budget is used up. */
  static HttpFault tooLate(RestLimits limits) {
    return new HttpFault(
        503,
        "ERR the engine did not answer within "
            + limits.budget().toMillis()
            + " ms: whether the command was executed is"
            + " unknown");
  }

  @Override
  public CompletionStage<Void> connect() {
    return own.open()
        .thenAcceptAsync(
            connection -> {
              sweeping =
                  loop.scheduleAtFixedRate(
                      this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
            },
            loop);
  }

  @Override
  public Connections forSubscriptions() {
    return others;
  }

  @Override
  public List<Connections> forMonitors() {
    return List.of(others);
  }

  @Override
  public boolean connected() {
    Channel current = channel;
    return current != null && current.isActive();
  }

  @Override
  public @Nullable HttpFault refusal(int more) {
    if (!connected()) {
      return UNREACHABLE;
    }
    return bytes + more > mostBytes && bytes > 0 ? behind(bytes) : null;
  }

  /** Why a request is refused while too many wait. */
  static HttpFault behind(long bytes) {
    return new HttpFault(
        503,
        "ERR the engine is behind with "
            + bytes
            + " bytes of requests, nothing was executed: try again");
  }

  /**
   * Sends commands at the end of this turn of the loop, in this order and with nothing in between.
   */
  @Override
  public void send(Exchange exchange, List<RestCommand> commands) {
    send(commands);
    bytes += exchange.batch().data().length;
    inFlight.add(exchange);
  }

  /**
   * Sends commands that somebody else keeps the time of. Those that cannot be sent after all end
   * with {@link #UNREACHABLE}, later in this turn.
   */
  void send(List<? extends WireCommand> commands) {
    if (turn.isEmpty()) {
      loop.execute(this::flush);
    }
    turn.addAll(commands);
  }

  @Override
  public void settled(Exchange exchange) {
    bytes -= exchange.batch().data().length;
  }

  /** Sentinels will tell who the primary is when the connection is opened anew. */
  @Override
  public void demoted() {
    Channel current = channel;
    if (behindSentinels && current != null) {
      // Not at once: Lettuce may be in the midst of decoding what says so.
      loop.execute(
          () -> {
            var unused = current.close();
          });
    }
  }

  private void flush() {
    List<WireCommand> commands = turn;
    turn = new ArrayList<>(commands.size());
    Channel current = channel;
    if (current == null || !current.isActive()) {
      commands.forEach(command -> command.completeExceptionally(UNREACHABLE));
      return;
    }
    // With a void promise, for a failed write closes the connection, which fails its commands.
    var unused = current.write(commands, current.voidPromise());
    current.flush();
  }

  /**
   * Gives up on what the engine has not answered in time. The oldest come first, so this looks at
   * few.
   */
  private void sweep() {
    long now = System.nanoTime();
    for (Exchange oldest = inFlight.peek(); oldest != null; oldest = inFlight.peek()) {
      if (!oldest.over()) {
        if (now - oldest.began() < budgetNanos) {
          return;
        }
        oldest.giveUp(tooLate);
        // A primary that is cut off, or stands still, would keep this connection for long.
        demoted();
      }
      inFlight.remove();
    }
  }

  /** What a caller is told of a fault that Lettuce reports. */
  static HttpFault fault(Throwable cause) {
    return cause instanceof HttpFault fault
        ? fault
        : new HttpFault(
            503,
            "ERR the connection to the engine broke: whether the command was executed is unknown");
  }

  @Override
  public CompletableFuture<Void> close() {
    closing = true;
    if (sweeping != null) {
      sweeping.cancel(false);
    }
    return CompletableFuture.allOf(own.close(), others.close())
        .thenRun(
            () -> {
              var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
            });
  }

  /** Learns which channel is the connection's, as connections come and go. */
  private final class Tap implements NettyCustomizer {
    @Override
    public void afterChannelInitialized(Channel initialized) {
      if (!own.own(initialized)) {
        return;
      }
      // Ahead of Lettuce's handlers: on a fault they fail the oldest command and go on, after which
      // every reply would be taken for the one before it. A connection that had a fault is closed
      // instead.
      ChannelPipeline pipeline = initialized.pipeline();
      pipeline.addFirst(new Silence(silence()), new Fuse());
      // Behind TLS, where there is TLS.
      pipeline.addBefore(pipeline.context(CommandHandler.class).name(), null, new ReplyDepth());
      // Behind them: it hears of a connection when its handshake is done.
      pipeline.addLast(new Watch());
    }
  }

  private Duration silence() {
    Duration budgets = Duration.ofNanos(SILENT_BUDGETS * budgetNanos);
    return budgets.compareTo(LEAST_SILENCE) > 0 ? budgets : LEAST_SILENCE;
  }

  private static final class Fuse extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var unused = context.close();
    }
  }

  private final class Watch extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
      channel = context.channel();
      connections.incrementAndGet();
      if (lost) {
        lost = false;
        log.info("connected to the engine again");
      }
      super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      if (channel == context.channel()) {
        channel = null;
        connections.decrementAndGet();
        if (!closing) {
          lost = true;
          log.warn("the connection to the engine is gone");
        }
      }
      super.channelInactive(context);
    }
  }
}

package dev.larder.server.rest;

import dev.larder.redis.lettuce.link.EngineConnection;
import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.lettuce.link.LettuceOptions;
import dev.larder.redis.lettuce.link.NotConnected;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.HttpFault;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connection to the engine, on that same loop, so that neither a request nor a
 * reply changes threads. It bounds how many bytes of requests wait, and for how long.
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

  private final EventLoop loop;
  private final long budgetNanos;
  private final long mostBytes;
  private final HttpFault tooLate;
  private final EngineConnection connection;
  private final Connections others;
  private final Deque<Exchange> inFlight = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> sweeping;
  private long bytes;

  EngineLink(
      EventLoop loop,
      RedisUri uri,
      ClientResources shared,
      RestLimits limits,
      AtomicInteger connections) {
    this.loop = loop;
    this.budgetNanos = limits.budget().toNanos();
    this.mostBytes = limits.waitingBytes();
    this.tooLate = tooLate(limits);
    this.connection =
        new EngineConnection(uri, loop, shared, options(limits), new Counted(connections));
    this.others = new Connections(uri, LettuceClients.onLoop(loop, shared).build());
  }

  /** Counts connections that stand. */
  record Counted(AtomicInteger connections) implements EngineConnection.Listener {
    @Override
    public void connected() {
      connections.incrementAndGet();
    }

    @Override
    public void disconnected() {
      connections.decrementAndGet();
    }
  }

  /** How connections judge an engine; the time of a request is kept here. */
  static LettuceOptions options(RestLimits limits) {
    long millis = Math.max(5, Math.min(limits.budget().toMillis(), TimeUnit.DAYS.toMillis(1)));
    return LettuceOptions.of(it -> it.budget(Duration.ofMillis(millis)));
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
    return connection
        .connect()
        .thenRunAsync(
            () ->
                sweeping =
                    loop.scheduleAtFixedRate(
                        this::sweep, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS),
            loop);
  }

  @Override
  public Connections forSubscriptions() {
    return others;
  }

  @Override
  public List<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> openToPrimaries() {
    return List.of(others.open());
  }

  @Override
  public boolean connected() {
    return connection.connected();
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

  @Override
  public void send(Exchange exchange, List<RestCommand> commands) {
    connection.send(commands);
    bytes += exchange.batch().data().length;
    inFlight.add(exchange);
  }

  @Override
  public void settled(Exchange exchange) {
    bytes -= exchange.batch().data().length;
  }

  @Override
  public void demoted() {
    connection.suspectDemotion();
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

  /** What a caller is told of why there is no reply. */
  static HttpFault fault(Throwable cause) {
    if (cause instanceof HttpFault fault) {
      return fault;
    }
    return cause instanceof NotConnected
        ? UNREACHABLE
        : new HttpFault(
            503,
            "ERR the connection to the engine broke: whether the command was executed is unknown");
  }

  @Override
  public CompletableFuture<Void> close() {
    if (sweeping != null) {
      sweeping.cancel(false);
    }
    return CompletableFuture.allOf(connection.close(), others.close());
  }
}

package dev.larder.server.rest.engine;

import dev.larder.redis.lettuce.link.EngineConnection;
import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.HttpFault;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
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
public final class EngineLink implements Link, EngineRequest.Observer {
  private final EventLoop loop;
  private final long budgetNanos;
  private final long mostBytes;
  private final HttpFault tooLate;
  private final EngineConnection connection;
  private final Connections others;
  private final ScriptWatch scripts;
  private final Deque<EngineRequest> inFlight = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> sweeping;
  private long bytes;

  /**
   * A link that is not connected yet.
   *
   * @param loop on which everything happens
   * @param shared threads and timers, which links do not shut down
   * @param control has scripts ended
   * @param connections counts those that stand
   */
  public EngineLink(
      EventLoop loop,
      RedisUri uri,
      ClientResources shared,
      EngineLimits limits,
      EngineControl control,
      AtomicInteger connections) {
    this.loop = loop;
    this.budgetNanos = limits.budget().toNanos();
    this.mostBytes = limits.waitingBytes();
    this.scripts = new ScriptWatch(control);
    this.tooLate = EngineFaults.tooLate(limits);
    this.connection =
        new EngineConnection(
            uri, loop, shared, limits.connections(), new ConnectionCount(connections));
    this.others = new Connections(uri, LettuceClients.onLoop(loop, shared).build());
  }

  @Override
  public CompletionStage<Void> connect() {
    return connection
        .connect()
        .thenRunAsync(
            () ->
                sweeping =
                    loop.scheduleAtFixedRate(
                        this::sweep,
                        EngineLimits.SWEEP_MILLIS,
                        EngineLimits.SWEEP_MILLIS,
                        TimeUnit.MILLISECONDS),
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
  public boolean idle() {
    return inFlight.isEmpty() && bytes == 0;
  }

  @Override
  public boolean connected() {
    return connection.connected();
  }

  @Override
  public @Nullable HttpFault refusal(int more) {
    if (!connected()) {
      return EngineFaults.UNREACHABLE;
    }
    return bytes + more > mostBytes && bytes > 0 ? EngineFaults.behind(bytes) : null;
  }

  @Override
  public void send(EngineRequest request) {
    request.sentBy(this);
    connection.send(request.commands());
    bytes += request.bytes();
    inFlight.add(request);
    scripts.sent(request);
  }

  @Override
  public void settled(EngineRequest request) {
    bytes -= request.bytes();
    scripts.settled(request);
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
    scripts.check(now);
    for (EngineRequest oldest = inFlight.peek(); oldest != null; oldest = inFlight.peek()) {
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

  @Override
  public CompletableFuture<Void> close() {
    if (sweeping != null) {
      sweeping.cancel(false);
    }
    return CompletableFuture.allOf(connection.close(), others.close());
  }
}

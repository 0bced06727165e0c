package dev.larder.server.rest.engine;

import dev.larder.redis.lettuce.link.EngineConnection;
import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.command.OutgoingCommand;
import dev.larder.server.rest.request.BatchKind;
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
 * reply changes threads. It bounds how long requests wait, and how much the engine answers at a
 * time.
 */
public final class EngineLink implements Link, EngineRequest.Observer {
  private static final long HALF_A_MINUTE = Duration.ofSeconds(30).toNanos();

  private final EventLoop loop;
  private final long budgetNanos;
  private final HttpFault tooLate;
  private final EngineConnection connection;
  private final Connections others;
  private final ScriptWatch scripts;
  private final Deque<EngineRequest> inFlight = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> sweeping;
  private int unsettled;
  private final ReplySizes sizes = new ReplySizes();
  private long aged = System.nanoTime();

  /** What goes out in portions, and has not begun. */
  private final Deque<Portions> fresh = new ArrayDeque<>();

  /** What goes out in portions, has begun, and may go on. */
  private final Deque<Portions> begun = new ArrayDeque<>();

  private boolean freshOnesTurn;
  private boolean sending;

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
    this.scripts = new ScriptWatch(control);
    this.tooLate = EngineFaults.tooLate(limits);
    this.connection =
        new EngineConnection(uri, loop, shared, limits.connections(), new Standing(connections));
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
    return inFlight.isEmpty() && unsettled == 0;
  }

  @Override
  public boolean connected() {
    return connection.connected();
  }

  /** Counts the connection while it stands, and learns from its end. */
  private final class Standing implements EngineConnection.Listener {
    private final ConnectionCount count;

    Standing(AtomicInteger connections) {
      this.count = new ConnectionCount(connections);
    }

    @Override
    public void connected() {
      count.connected();
    }

    @Override
    public void disconnected() {
      count.disconnected();
      sizes.broke();
    }
  }

  @Override
  public void send(EngineRequest request) {
    unsettled++;
    inFlight.add(request);
    scripts.sent(request);
    int commands = request.commands().size();
    if (commands <= EngineLimits.WINDOW && !anyWaits() && commands <= room()) {
      request.sentBy(this);
      connection.send(request.commands());
    } else {
      var portions = new Portions(request);
      request.sentBy(portions);
      fresh.add(portions);
      sendMore();
    }
  }

  /** How many commands more may be on their way now. */
  private long room() {
    return sizes.most() - connection.unanswered();
  }

  private boolean anyWaits() {
    return !fresh.isEmpty() || !begun.isEmpty();
  }

  /**
   * One that has not begun and one that has take turns: short requests do not wait for long ones.
   */
  private Portions next() {
    freshOnesTurn = !freshOnesTurn;
    return begun.isEmpty() || (freshOnesTurn && !fresh.isEmpty()) ? fresh.remove() : begun.remove();
  }

  /** Sends what there is room for, each request in its turn. */
  private void sendMore() {
    // Commands that are dropped are lost at once, which leads here again.
    if (sending) {
      return;
    }
    sending = true;
    for (long room = room(); room > 0 && anyWaits(); room = room()) {
      next().send(room);
    }
    sending = false;
  }

  /** A request that goes out in portions: a window of it at the most, but a transaction whole. */
  private final class Portions implements EngineRequest.Observer {
    private final EngineRequest request;
    private final List<? extends OutgoingCommand> commands;
    private int sent;
    private int replied;
    private boolean waits = true;

    Portions(EngineRequest request) {
      this.request = request;
      this.commands = request.commands();
    }

    /** Sends at most so many commands, and waits for its next turn if it may have one. */
    void send(long room) {
      int from = sent;
      if (!request.wantsMore()) {
        sent = commands.size();
        commands
            .subList(from, sent)
            .forEach(it -> it.completeExceptionally(EngineFaults.UNREACHABLE));
      } else {
        sent =
            request.kind() == BatchKind.TRANSACTION
                ? commands.size()
                : (int)
                    Math.min(
                        commands.size(),
                        from + Math.min(room, replied + EngineLimits.WINDOW - from));
        connection.send(commands.subList(from, sent));
      }
      waits = sent < commands.size() && sent - replied < EngineLimits.WINDOW;
      if (waits) {
        begun.add(this);
      }
    }

    @Override
    public void replied(long bytes) {
      replied++;
      if (!waits && sent < commands.size() && sent - replied <= EngineLimits.WINDOW / 2) {
        waits = true;
        begun.add(this);
      }
      EngineLink.this.replied(bytes);
    }

    @Override
    public void settled(EngineRequest settled) {
      EngineLink.this.settled(settled);
    }

    @Override
    public void demoted() {
      EngineLink.this.demoted();
    }
  }

  @Override
  public void replied(long bytes) {
    sizes.add(bytes);
    if (anyWaits()) {
      sendMore();
    }
  }

  @Override
  public void settled(EngineRequest request) {
    unsettled--;
    request.settled();
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
    if (now - aged > HALF_A_MINUTE) {
      aged = now;
      sizes.age();
    }
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

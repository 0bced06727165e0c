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
  /** So many bytes of replies may be on their way, as far as the latest ones let it foresee. */
  private static final long MOST_ON_THE_WAY = 16L << 20;

  /** Until replies have told more. */
  private static final long FIRST_GUESS = 1 << 20;

  private static final long LEAST_REPLY = 64;

  /** A large reply is forgotten as so many others come. */
  private static final long REMEMBERED = 64;

  private final EventLoop loop;
  private final long budgetNanos;
  private final HttpFault tooLate;
  private final EngineConnection connection;
  private final Connections others;
  private final ScriptWatch scripts;
  private final Deque<EngineRequest> inFlight = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> sweeping;
  private int unsettled;
  private final Deque<Unsent> unsent = new ArrayDeque<>();
  private boolean sending;
  private long typicalReply = FIRST_GUESS;

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
    return inFlight.isEmpty() && unsettled == 0;
  }

  @Override
  public boolean connected() {
    return connection.connected();
  }

  @Override
  public @Nullable HttpFault refusal() {
    return connected() ? null : EngineFaults.UNREACHABLE;
  }

  @Override
  public void send(EngineRequest request) {
    request.sentBy(this);
    unsettled++;
    inFlight.add(request);
    scripts.sent(request);
    List<? extends OutgoingCommand> commands = request.commands();
    if (unsent.isEmpty() && commands.size() <= room()) {
      connection.send(commands);
    } else {
      unsent.add(new Unsent(request));
      sendMore();
    }
  }

  /**
   * How many commands may be sent now. An engine keeps what it answers until it is read, so that
   * thousands of commands whose replies are large would be its end.
   */
  private int room() {
    long allowed = Math.max(1, MOST_ON_THE_WAY / typicalReply);
    return (int) Math.max(0, Math.min(EngineLimits.WINDOW, allowed) - connection.unanswered());
  }

  /** Sends what there is room for, each request in its turn. */
  private void sendMore() {
    // Those that are dropped are lost at once, which leads here again.
    if (sending) {
      return;
    }
    sending = true;
    for (int room = room(); room > 0 && !unsent.isEmpty(); room = room()) {
      Unsent next = unsent.remove();
      if (!next.send(room)) {
        unsent.add(next);
      }
    }
    sending = false;
  }

  /** A request of which not all commands are sent. */
  private final class Unsent {
    private final EngineRequest request;
    private int sent;

    Unsent(EngineRequest request) {
      this.request = request;
    }

    /** Sends at most so many commands, but a transaction whole; returns whether that was all. */
    boolean send(int most) {
      List<? extends OutgoingCommand> commands = request.commands();
      if (!request.wantsMore()) {
        commands
            .subList(sent, commands.size())
            .forEach(it -> it.completeExceptionally(EngineFaults.UNREACHABLE));
        return true;
      }
      int end =
          request.kind() == BatchKind.TRANSACTION
              ? commands.size()
              : Math.min(commands.size(), sent + most);
      connection.send(commands.subList(sent, end));
      sent = end;
      return sent == commands.size();
    }
  }

  @Override
  public void replied(long bytes) {
    typicalReply = Math.max(LEAST_REPLY, Math.max(bytes, typicalReply - typicalReply / REMEMBERED));
    if (!unsent.isEmpty()) {
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

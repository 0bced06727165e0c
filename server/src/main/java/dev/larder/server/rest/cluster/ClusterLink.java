package dev.larder.server.rest.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.FailureKind;
import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Failure;
import dev.larder.redis.lettuce.cluster.ClusterNodes;
import dev.larder.redis.lettuce.cluster.Redirection;
import dev.larder.redis.lettuce.cluster.SlotTable.Primary;
import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.lettuce.link.NotConnected;
import dev.larder.redis.lettuce.link.RequestFormat;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.cluster.FanOut.Answer;
import dev.larder.server.rest.command.CommandKeys;
import dev.larder.server.rest.command.OutgoingCommand;
import dev.larder.server.rest.engine.ConnectionCount;
import dev.larder.server.rest.engine.Connections;
import dev.larder.server.rest.engine.EngineControl;
import dev.larder.server.rest.engine.EngineFaults;
import dev.larder.server.rest.engine.EngineLimits;
import dev.larder.server.rest.engine.EngineRequest;
import dev.larder.server.rest.engine.Link;
import dev.larder.server.rest.engine.ScriptWatch;
import dev.larder.server.rest.request.BatchKind;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to all nodes of a Cluster: sends each command to the node that has
 * its slot, follows where it is sent on to, and puts the replies together. What may have been
 * executed is never sent again: not what was not answered, and not a script that answers as if a
 * node had refused it.
 */
public final class ClusterLink implements Link {
  /** How long a command waits for a slot's node to be found, within its budget. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final Router router;
  private final ClientResources shared;
  private final EngineLimits limits;
  private final EngineControl control;
  private final ScriptWatch scripts;
  private final ConnectionCount count;
  private final ClusterNodes nodes;
  private final AnyPrimary anyPrimary;
  private final Connections subscriptions;
  private final Connections monitors;
  private final long budgetNanos;
  private final long patienceNanos;
  private final HttpFault tooLate;
  private final Deque<FanOut> inFlight = new ArrayDeque<>();
  private Deque<SubRequest> waiting = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> ticking;
  private int unsettled;

  /**
   * A link that is not connected yet.
   *
   * @param loop on which everything happens
   * @param keys where those of each command stand
   * @param shared threads and timers, which links do not shut down
   * @param control has scripts ended
   * @param connections counts those that stand
   */
  public ClusterLink(
      EventLoop loop,
      RedisUri uri,
      CommandKeys keys,
      ClientResources shared,
      EngineLimits limits,
      EngineControl control,
      AtomicInteger connections) {
    this(
        loop,
        uri,
        new Router(keys),
        shared,
        limits,
        control,
        new ConnectionCount(connections),
        null);
  }

  private ClusterLink(
      EventLoop loop,
      RedisUri uri,
      Router router,
      ClientResources shared,
      EngineLimits limits,
      EngineControl control,
      ConnectionCount count,
      @Nullable ClusterNodes informed) {
    this.loop = loop;
    this.router = router;
    this.shared = shared;
    this.limits = limits;
    this.control = control;
    this.scripts = new ScriptWatch(control);
    this.count = count;
    this.nodes =
        informed == null
            ? new ClusterNodes(uri, loop, shared, limits.connections(), count, this::better)
            : informed.as(uri, count, this::better);
    this.anyPrimary = new AnyPrimary(loop, nodes);
    RedisUri one = nodes.at(uri.nodes().get(0));
    this.subscriptions =
        new Connections(
            one,
            LettuceClients.onLoop(loop, shared)
                .socketAddressResolver(anyPrimary)
                .nettyCustomizer(anyPrimary)
                .build());
    this.monitors = new Connections(one, LettuceClients.onLoop(loop, shared).build());
    this.budgetNanos = limits.budget().toNanos();
    this.patienceNanos = Math.min(budgetNanos, PATIENCE.toNanos());
    this.tooLate = EngineFaults.tooLate(limits);
  }

  /**
   * A link of another user's, who need not be allowed to ask for the Cluster's slots: this one goes
   * on asking, and must stay open for as long.
   *
   * @param uri names the same Cluster with that user's credentials
   */
  public ClusterLink as(RedisUri uri) {
    return new ClusterLink(loop, uri, router, shared, limits, control, count, nodes);
  }

  @Override
  public CompletionStage<Void> connect() {
    return nodes
        .connect()
        .thenRunAsync(
            () ->
                ticking =
                    loop.scheduleAtFixedRate(
                        this::tick,
                        EngineLimits.SWEEP_MILLIS,
                        EngineLimits.SWEEP_MILLIS,
                        TimeUnit.MILLISECONDS),
            loop);
  }

  @Override
  public boolean idle() {
    return inFlight.isEmpty() && unsettled == 0;
  }

  @Override
  public boolean connected() {
    return nodes.connected();
  }

  @Override
  public void send(EngineRequest request) {
    List<? extends OutgoingCommand> commands = request.commands();
    var fanOut = new FanOut(request);
    if (request.kind() == BatchKind.TRANSACTION) {
      planTransaction(fanOut, commands);
    } else {
      commands.forEach(
          command ->
              plan(fanOut.answer(command.rule().name(), command.rule().runsScript()), command));
    }
    fanOut.begin();
    if (fanOut.told()) {
      request.settled();
    } else {
      unsettled++;
      inFlight.add(fanOut);
      scripts.sent(request);
      fanOut.start(this::start);
    }
  }

  private void settle(FanOut fanOut) {
    if (fanOut.settles()) {
      unsettled--;
      fanOut.request().settled();
      scripts.settled(fanOut.request());
    }
  }

  @Override
  public Connections forSubscriptions() {
    return subscriptions;
  }

  @Override
  public List<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> openToPrimaries() {
    return nodes.table().primaries().stream()
        .map(it -> monitors.open(nodes.at(it.node())))
        .toList();
  }

  @Override
  public CompletableFuture<Void> close() {
    if (ticking != null) {
      ticking.cancel(false);
    }
    return CompletableFuture.allOf(nodes.close(), subscriptions.close(), monitors.close());
  }

  private void planTransaction(FanOut fanOut, List<? extends OutgoingCommand> commands) {
    Answer answer = fanOut.answer("the transaction", false);
    Route route = router.together(commands.subList(1, commands.size() - 1));
    if (route instanceof Route.Refused refused) {
      answer.reply(new Failure(refused.why()));
    } else {
      List<Consumer<ByteBuf>> whole = new ArrayList<>(commands.size());
      commands.forEach(command -> whole.add(command::encode));
      answer.add(route instanceof Route.ToSlot to ? to.slot() : -1, whole);
    }
  }

  private void plan(Answer answer, OutgoingCommand command) {
    Route route = router.route(command.rule(), command);
    if (route instanceof Route.ToSlot to) {
      answer.add(to.slot(), List.of(command::encode));
    } else if (route instanceof Route.Anywhere) {
      answer.add(-1, List.of(command::encode));
    } else if (route instanceof Route.Everywhere everywhere) {
      answer.merge(everywhere.merge());
      for (Primary primary : nodes.table().primaries()) {
        answer.add(primary.firstSlot(), List.of(command::encode));
      }
    } else if (route instanceof Route.Split split) {
      answer.merge(split.merge());
      split
          .pieces()
          .forEach(
              piece ->
                  answer.add(
                      piece.slot(),
                      List.of(to -> RequestFormat.command(to, Arrays.asList(piece.words())))));
    } else if (route instanceof Route.Scan scan) {
      planScan(answer, command, scan.position());
    } else if (route instanceof Route.Refused refused) {
      answer.reply(new Failure(refused.why()));
    }
  }

  private void planScan(Answer answer, OutgoingCommand command, int position) {
    List<Primary> primaries = nodes.table().primaries();
    int fingerprint = ScanCursor.fingerprint(nodes.table());
    ScanCursor at;
    try {
      at = ScanCursor.parse(command.text(position), fingerprint, primaries.size());
    } catch (HttpFault refused) {
      // The table may be what is out of date.
      nodes.refreshSoon();
      answer.reply(new Failure(refused.sentence()));
      return;
    }
    var words = new byte[command.count()][];
    for (int i = 0; i < words.length; i++) {
      words[i] = i == position ? at.cursor().toString().getBytes(US_ASCII) : command.word(i);
    }
    answer.merge(
        parts -> {
          List<Reply> page = parts.get(0).array();
          String next = at.answered(page.get(0).text()).text(primaries.size());
          return new Reply.Array(List.of(new Reply.Bulk(next.getBytes(US_ASCII)), page.get(1)));
        });
    answer.add(
        primaries.get(at.node()).firstSlot(),
        List.of(to -> RequestFormat.command(to, Arrays.asList(words))));
  }

  /** Sends it to the node that has its slot, or lets it wait for one. */
  private void start(SubRequest part) {
    if (part.done()) {
      return;
    }
    if (!part.fanOut().request().wantsMore()) {
      end(part, EngineFaults.UNREACHABLE);
      return;
    }
    ClusterNodes.Member member = part.slot() < 0 ? nodes.any() : nodes.owner(part.slot());
    if (member == null || !member.connected()) {
      nodes.refreshSoon();
      later(part);
    } else {
      send(part, member, false);
    }
  }

  private void send(SubRequest part, ClusterNodes.Member member, boolean asking) {
    part.fanOut().sent(part);
    member.send(part.attempt(asking, it -> answered(it, member)));
  }

  private void answered(SubRequest part, ClusterNodes.Member by) {
    Throwable lost = part.lost();
    part.fanOut().back();
    if (part.done()) {
      settle(part.fanOut());
    } else if (lost instanceof NotConnected) {
      part.obstacle(EngineFaults.UNREACHABLE);
      nodes.refreshSoon();
      later(part);
    } else if (lost != null) {
      nodes.refreshSoon();
      end(part, EngineFaults.of(lost));
    } else {
      Failure refusal = part.refusal();
      if (refusal == null) {
        end(part, null);
      } else if (part.believesRefusals()) {
        refused(part, refusal, by);
      } else if (refusal.kind() == FailureKind.MOVED || refusal.kind() == FailureKind.ASK) {
        check(part, refusal, by);
      } else {
        end(part, null);
      }
    }
  }

  /** Nothing of it was executed. */
  private void refused(SubRequest part, Failure refusal, ClusterNodes.Member by) {
    if (refusal.kind() == FailureKind.MOVED || refusal.kind() == FailureKind.ASK) {
      follow(part, Redirection.of(refusal), by);
    } else {
      part.obstacle(new HttpFault(503, refusal.message() + " (nothing was executed: try again)"));
      nodes.refreshSoon();
      later(part);
    }
  }

  /**
   * Follows a redirection that a script may have made up only where the node's table says the same;
   * until that is known, it may have run.
   */
  private void check(SubRequest part, Failure refusal, ClusterNodes.Member by) {
    var redirection = Redirection.of(refusal);
    part.obstacle(tooLate);
    nodes
        .ask(by)
        .whenCompleteAsync(
            (table, fault) -> {
              if (part.done()) {
                return;
              }
              if (table != null && redirection.agreesWith(table, part.slot(), by.node())) {
                part.obstacle(EngineFaults.UNREACHABLE);
                follow(part, redirection, by);
              } else {
                end(part, null);
              }
            },
            loop);
  }

  private void follow(SubRequest part, Redirection redirection, ClusterNodes.Member by) {
    ClusterNodes.Member to = nodes.redirected(redirection.place(), by);
    if (redirection.moved()) {
      nodes.moved(to);
    } else if (to == null) {
      nodes.refreshSoon();
    }
    if (to != null && to.connected() && part.mayFollow()) {
      send(part, to, !redirection.moved());
    } else {
      later(part);
    }
  }

  private void end(SubRequest part, @Nullable HttpFault why) {
    FanOut fanOut = part.fanOut();
    fanOut.end(part, why);
    fanOut.start(this::start);
    settle(fanOut);
  }

  /**
   * Tries again soon, but never behind a command on the same slot that the same caller sent behind
   * it.
   */
  private void later(SubRequest part) {
    if (part.fanOut().overtaken(part) || System.nanoTime() - part.began() > patienceNanos) {
      end(part, part.obstacle());
    } else {
      waiting.add(part);
    }
  }

  private void better() {
    anyPrimary.leaveOthers();
    retry();
  }

  private void retry() {
    Deque<SubRequest> now = waiting;
    waiting = new ArrayDeque<>();
    for (SubRequest part : now) {
      if (!part.done()) {
        start(part);
      }
    }
  }

  private void tick() {
    long now = System.nanoTime();
    scripts.check(now);
    for (FanOut oldest = inFlight.peek(); oldest != null; oldest = inFlight.peek()) {
      if (!oldest.told()) {
        if (now - oldest.request().began() < budgetNanos) {
          break;
        }
        nodes.refreshSoon();
        oldest.giveUp(tooLate);
        settle(oldest);
      }
      inFlight.remove();
    }
    retry();
    nodes.tick(now);
  }
}

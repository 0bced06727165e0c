package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Failure;
import dev.larder.redis.engine.Engine;
import dev.larder.redis.lettuce.cluster.ClusterNodes;
import dev.larder.redis.lettuce.cluster.SlotTable.Primary;
import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.lettuce.link.NotConnected;
import dev.larder.redis.lettuce.link.RequestFormat;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.Exchange.Kind;
import dev.larder.server.rest.Gather.Share;
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
 * its slot, follows where it is sent on to, and puts the replies together. What was sent and not
 * answered is never sent again; a node's MOVED, ASK, TRYAGAIN or CLUSTERDOWN says that nothing was
 * executed.
 */
final class ClusterLink implements Link {
  /** How long a command waits for a slot's node to be found, within its budget. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final Router router;
  private final ClusterNodes nodes;
  private final AnyPrimary anyPrimary;
  private final Connections subscriptions;
  private final Connections monitors;
  private final long budgetNanos;
  private final long patienceNanos;
  private final long mostBytes;
  private final HttpFault tooLate;
  private final Deque<Gather> inFlight = new ArrayDeque<>();
  private Deque<Errand> waiting = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> ticking;
  private long bytes;

  ClusterLink(
      EventLoop loop,
      RedisUri uri,
      Engine engine,
      ClientResources shared,
      RestLimits limits,
      AtomicInteger connections) {
    this.loop = loop;
    this.router = new Router(new CommandKeys(engine));
    this.nodes =
        new ClusterNodes(
            uri,
            loop,
            shared,
            EngineLink.options(limits),
            new EngineLink.Counted(connections),
            this::better);
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
    this.mostBytes = limits.waitingBytes();
    this.tooLate = EngineLink.tooLate(limits);
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
                        EngineLink.SWEEP.toMillis(),
                        EngineLink.SWEEP.toMillis(),
                        TimeUnit.MILLISECONDS),
            loop);
  }

  @Override
  public boolean connected() {
    return nodes.connected();
  }

  @Override
  public @Nullable HttpFault refusal(int more) {
    if (!connected()) {
      return EngineLink.UNREACHABLE;
    }
    return bytes + more > mostBytes && bytes > 0 ? EngineLink.behind(bytes) : null;
  }

  @Override
  public void send(Exchange exchange, List<RestCommand> commands) {
    var gather = new Gather(exchange, commands);
    if (exchange.kind() == Kind.TRANSACTION) {
      planTransaction(gather, commands);
    } else {
      commands.forEach(command -> plan(gather.share(command.rule().name()), command));
    }
    gather.begin();
    if (!gather.told()) {
      bytes += exchange.batch().data().length;
      inFlight.add(gather);
      gather.errands().forEach(this::start);
    }
  }

  /** A gather knows better when nothing of it is on its way any more. */
  @Override
  public void settled(Exchange exchange) {}

  private void settle(Gather gather) {
    if (gather.settled()) {
      bytes -= gather.exchange().batch().data().length;
    }
  }

  /** A replica is told by MOVED. */
  @Override
  public void demoted() {}

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

  private void planTransaction(Gather gather, List<RestCommand> commands) {
    Share share = gather.share("the transaction");
    Route route = router.together(commands.subList(1, commands.size() - 1));
    if (route instanceof Route.Refused refused) {
      share.answer(new Failure(refused.why()));
    } else {
      List<Consumer<ByteBuf>> whole = new ArrayList<>(commands.size());
      commands.forEach(command -> whole.add(command::encode));
      share.add(route instanceof Route.ToSlot to ? to.slot() : -1, whole);
    }
  }

  private void plan(Share share, RestCommand command) {
    Route route = router.route(command.rule(), command);
    if (route instanceof Route.ToSlot to) {
      share.add(to.slot(), List.of(command::encode));
    } else if (route instanceof Route.Anywhere) {
      share.add(-1, List.of(command::encode));
    } else if (route instanceof Route.Everywhere everywhere) {
      share.merge(everywhere.merge());
      for (Primary primary : nodes.table().primaries()) {
        share.add(primary.firstSlot(), List.of(command::encode));
      }
    } else if (route instanceof Route.Split split) {
      share.merge(split.merge());
      split
          .pieces()
          .forEach(
              piece ->
                  share.add(
                      piece.slot(),
                      List.of(to -> RequestFormat.command(to, Arrays.asList(piece.words())))));
    } else if (route instanceof Route.Scan scan) {
      planScan(share, command, scan.position());
    } else if (route instanceof Route.Refused refused) {
      share.answer(new Failure(refused.why()));
    }
  }

  private void planScan(Share share, RestCommand command, int position) {
    List<Primary> primaries = nodes.table().primaries();
    int fingerprint = ScanCursor.fingerprint(nodes.table());
    ScanCursor at;
    try {
      at = ScanCursor.parse(command.text(position), fingerprint, primaries.size());
    } catch (HttpFault refused) {
      // The table may be what is out of date.
      nodes.refreshSoon();
      share.answer(new Failure(refused.sentence()));
      return;
    }
    var words = new byte[command.count()][];
    for (int i = 0; i < words.length; i++) {
      words[i] = i == position ? at.cursor().toString().getBytes(US_ASCII) : command.word(i);
    }
    share.merge(
        parts -> {
          List<Reply> answer = parts.get(0).array();
          String next = at.answered(answer.get(0).text()).text(primaries.size());
          return new Reply.Array(List.of(new Reply.Bulk(next.getBytes(US_ASCII)), answer.get(1)));
        });
    share.add(
        primaries.get(at.node()).firstSlot(),
        List.of(to -> RequestFormat.command(to, Arrays.asList(words))));
  }

  /** Sends it to the node that has its slot, or lets it wait for one. */
  private void start(Errand errand) {
    ClusterNodes.Member member = errand.slot() < 0 ? nodes.any() : nodes.owner(errand.slot());
    if (member == null || !member.connected()) {
      nodes.refreshSoon();
      later(errand);
    } else {
      send(errand, member, false);
    }
  }

  private void send(Errand errand, ClusterNodes.Member member, boolean asking) {
    errand.gather().sent(errand);
    member.send(errand.attempt(asking, it -> answered(it, member)));
  }

  private void answered(Errand errand, ClusterNodes.Member by) {
    Throwable lost = errand.lost();
    errand.gather().back();
    if (errand.done()) {
      settle(errand.gather());
    } else if (lost instanceof NotConnected) {
      errand.obstacle(EngineLink.UNREACHABLE);
      nodes.refreshSoon();
      later(errand);
    } else if (lost != null) {
      nodes.refreshSoon();
      end(errand, EngineLink.fault(lost));
    } else {
      Redirect redirect = Redirect.of(errand.replies());
      if (redirect == null) {
        end(errand, null);
      } else {
        follow(errand, redirect, by);
      }
    }
  }

  private void follow(Errand errand, Redirect redirect, ClusterNodes.Member by) {
    ClusterNodes.Member to = null;
    boolean asking = false;
    if (redirect instanceof Redirect.Moved moved) {
      to = nodes.redirected(moved.place(), by);
      nodes.moved(to);
    } else if (redirect instanceof Redirect.Ask ask) {
      to = nodes.redirected(ask.place(), by);
      asking = true;
      if (to == null) {
        nodes.refreshSoon();
      }
    } else if (redirect instanceof Redirect.NotNow notNow) {
      errand.obstacle(
          new HttpFault(503, notNow.why().message() + " (nothing was executed: try again)"));
      nodes.refreshSoon();
    }
    if (to != null && to.connected() && errand.mayFollow()) {
      send(errand, to, asking);
    } else {
      later(errand);
    }
  }

  private void end(Errand errand, @Nullable HttpFault why) {
    errand.gather().end(errand, why);
    settle(errand.gather());
  }

  /**
   * Tries again soon, but never behind a command on the same slot that the same caller sent behind
   * it.
   */
  private void later(Errand errand) {
    if (errand.gather().overtaken(errand) || System.nanoTime() - errand.began() > patienceNanos) {
      end(errand, errand.obstacle());
    } else {
      waiting.add(errand);
    }
  }

  private void better() {
    anyPrimary.leaveOthers();
    retry();
  }

  private void retry() {
    Deque<Errand> now = waiting;
    waiting = new ArrayDeque<>();
    for (Errand errand : now) {
      if (!errand.done()) {
        start(errand);
      }
    }
  }

  private void tick() {
    long now = System.nanoTime();
    for (Gather oldest = inFlight.peek(); oldest != null; oldest = inFlight.peek()) {
      if (!oldest.told()) {
        if (now - oldest.exchange().began() < budgetNanos) {
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

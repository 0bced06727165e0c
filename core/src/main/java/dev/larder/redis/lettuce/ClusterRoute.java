package dev.larder.redis.lettuce;

import dev.larder.redis.NodeId;
import dev.larder.redis.Reply;
import dev.larder.redis.Reply.Failure;
import dev.larder.redis.lettuce.cluster.ClusterNodes;
import dev.larder.redis.lettuce.cluster.ClusterNodes.Member;
import dev.larder.redis.lettuce.cluster.Redirection;
import dev.larder.redis.lettuce.cluster.SlotTable;
import dev.larder.redis.lettuce.link.Asking;
import dev.larder.redis.lettuce.link.LettuceOptions;
import dev.larder.redis.lettuce.link.NotConnected;
import dev.larder.redis.uri.RedisUri;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Each call goes to the node that has its slot, and on to where that node sends it. A call waits,
 * for a second at most, where its slot has no node that can be reached, or the node cannot serve it
 * at this moment.
 */
@SuppressWarnings({"NullAway", "FutureReturnValueIgnored"})
final class ClusterRoute implements Route {
  private static final Duration TICK = Duration.ofMillis(50);
  private static final long PATIENCE = Duration.ofSeconds(1).toNanos();

  /** A Cluster in disorder sends round in circles. */
  private static final int MOST_REDIRECTIONS = 16;

  private final EventLoop loop;
  private final ClusterNodes nodes;
  private final int queueSize;
  private Deque<Journey> waiting = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> ticking;
  private boolean closed;

  ClusterRoute(RedisUri uri, LoopThreads threads, LettuceOptions options) {
    this.loop = threads.loop();
    this.nodes = new ClusterNodes(uri, loop, threads.resources(), options, this::retry);
    this.queueSize = options.queueSize();
  }

  @Override
  public CompletionStage<Void> connect() {
    return nodes
        .connect()
        .thenRunAsync(
            () ->
                ticking =
                    loop.scheduleAtFixedRate(
                        this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS),
            loop);
  }

  @Override
  public void start(PendingCall call) {
    if (closed) {
      call.fail(CallLoop.CLOSED, null);
    } else {
      new Journey(call).start();
    }
  }

  @Override
  public List<NodeId> primaries() {
    return nodes.table().primaries().stream().map(SlotTable.Primary::id).toList();
  }

  @Override
  public void startAt(NodeId primary, PendingCall call) {
    Member member = closed ? null : nodes.primary(primary);
    if (member == null || !member.connected()) {
      nodes.refreshSoon();
      call.fail(": there is no connection to " + primary, null);
    } else {
      Visit visit = new Visit(member);
      visit.next(new Attempt(call, visit));
    }
  }

  private void tick() {
    retry();
    nodes.tick(System.nanoTime());
  }

  private void retry() {
    Deque<Journey> now = waiting;
    waiting = new ArrayDeque<>();
    now.forEach(Journey::start);
  }

  @Override
  public CompletableFuture<Void> close() {
    return CompletableFuture.supplyAsync(
            () -> {
              closed = true;
              if (ticking != null) {
                ticking.cancel(false);
              }
              waiting.forEach(it -> it.call.fail(CallLoop.CLOSED, null));
              return nodes.close();
            },
            loop)
        .thenCompose(it -> it);
  }

  private void send(Attempt attempt, Member to, boolean asking) {
    if (to.unanswered() >= queueSize) {
      attempt.call().fail(": " + queueSize + " calls wait for an answer of " + to, null);
    } else if (asking) {
      to.send(List.of(new Asking(attempt), attempt));
    } else {
      to.send(attempt);
    }
  }

  /** A call that is for one node, and for no other. */
  private final class Visit implements Attempt.Ended {
    private final Member at;

    Visit(Member at) {
      this.at = at;
    }

    @Override
    public void next(Attempt attempt) {
      send(attempt, at, false);
    }

    @Override
    public void answered(Attempt attempt, Reply reply) {
      attempt.call().answered(reply);
    }

    @Override
    public void lost(Attempt attempt, Throwable cause) {
      attempt.call().fail(": " + Faults.reason(cause), cause);
    }
  }

  /** A call that follows its slot. */
  private final class Journey implements Attempt.Ended {
    private final PendingCall call;
    private final int slot;

    @SuppressWarnings("NullAway")
    private Member at;

    private boolean asking;
    private int redirections;
    private long waitsSince;
    private @Nullable Failure obstacle;

    Journey(PendingCall call) {
      this.call = call;
      this.slot = call.slot();
    }

    void start() {
      if (call.over()) {
        return;
      }
      Member member = slot < 0 ? nodes.any() : nodes.owner(slot);
      if (member == null || !member.connected()) {
        nodes.refreshSoon();
        later();
      } else {
        go(new Attempt(call, this), member, false);
      }
    }

    private void go(Attempt attempt, Member to, boolean asking) {
      this.at = to;
      this.asking = asking;
      send(attempt, to, asking);
    }

    private void later() {
      long now = System.nanoTime();
      if (waitsSince == 0) {
        waitsSince = now;
      }
      if (now - waitsSince < PATIENCE) {
        waiting.add(this);
      } else if (obstacle != null) {
        call.answered(obstacle);
      } else {
        call.fail(": no node that can be reached has its slot", null);
      }
    }

    @Override
    public void next(Attempt attempt) {
      send(attempt, at, asking);
    }

    @Override
    public void answered(Attempt attempt, Reply reply) {
      if (!(reply instanceof Failure failure)) {
        call.answered(reply);
      } else if (!call.over()) {
        failed(attempt, failure);
      }
    }

    private void failed(Attempt attempt, Failure failure) {
      switch (failure.kind()) {
        case MOVED, ASK -> {
          if (call.believesRefusals()) {
            follow(attempt, failure);
          } else {
            check(attempt, failure);
          }
        }
        case TRYAGAIN, CLUSTERDOWN, LOADING, READONLY, MASTERDOWN -> {
          if (call.believesRefusals()) {
            call.refused();
            obstacle = failure;
            nodes.refreshSoon();
            later();
          } else {
            call.answered(failure);
          }
        }
        default -> call.answered(failure);
      }
    }

    /** A script may answer what it likes: the node's own table must say the same. */
    private void check(Attempt attempt, Failure failure) {
      Member by = at;
      nodes
          .ask(by)
          .whenCompleteAsync(
              (table, fault) -> {
                if (call.over()) {
                  return;
                }
                if (table != null && Redirection.of(failure).agreesWith(table, slot, by.node())) {
                  follow(attempt, failure);
                } else {
                  call.answered(failure);
                }
              },
              loop);
    }

    private void follow(Attempt attempt, Failure failure) {
      if (++redirections > MOST_REDIRECTIONS) {
        call.answered(failure);
        return;
      }
      call.refused();
      obstacle = failure;
      Redirection redirection = Redirection.of(failure);
      Member to = nodes.redirected(redirection.place(), at);
      if (redirection.moved()) {
        nodes.moved(to);
      }
      if (to != null && to.connected()) {
        go(attempt.again(), to, !redirection.moved());
      } else {
        nodes.refreshSoon();
        later();
      }
    }

    @Override
    public void lost(Attempt attempt, Throwable cause) {
      nodes.refreshSoon();
      if (cause instanceof NotConnected && !call.over()) {
        later();
      } else {
        call.fail(": " + Faults.reason(cause), cause);
      }
    }
  }
}

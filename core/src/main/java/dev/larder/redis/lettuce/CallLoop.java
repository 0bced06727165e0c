package dev.larder.redis.lettuce;

import dev.larder.redis.NodeId;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls from all threads to one event loop, and keeps their time there. What has come since
 * its last turn is started together, and so goes out with one flush, whoever sent it: under load
 * callers share it, and without load nobody waits for anybody.
 */
final class CallLoop {
  static final String CLOSED = ": the connection is closed";

  /** So that answers are read in between. */
  private static final int MOST_IN_A_TURN = 4096;

  private final EventLoop loop;
  private final Route route;
  private final Queue<Work> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Deadlines deadlines = new Deadlines(System.nanoTime());
  private @Nullable ScheduledFuture<?> look;
  private long looksAt = Long.MAX_VALUE;

  /** Something to be done in a turn of the loop. */
  interface Work {
    /** On the loop. */
    void begin();

    /**
     * It cannot begin.
     *
     * @param why continues a sentence
     */
    void fail(String why, @Nullable Throwable cause);
  }

  CallLoop(EventLoop loop, Route route) {
    this.loop = loop;
    this.route = route;
  }

  /** From any thread. */
  void submit(Work work) {
    waiting.add(work);
    wake();
  }

  private void wake() {
    if (scheduled.compareAndSet(false, true)) {
      try {
        loop.execute(this::turn);
      } catch (RejectedExecutionException gone) {
        scheduled.set(false);
        for (Work work = waiting.poll(); work != null; work = waiting.poll()) {
          work.fail(CLOSED, gone);
        }
      }
    }
  }

  private void turn() {
    // First, so that what comes from here on has a turn of its own if this one is just over.
    scheduled.set(false);
    for (int i = 0; i < MOST_IN_A_TURN; i++) {
      Work work = waiting.poll();
      if (work == null) {
        return;
      }
      try {
        work.begin();
      } catch (RuntimeException fault) {
        // The others of this turn are not to wait for the next one.
        work.fail(": " + Faults.reason(fault), fault);
      }
    }
    wake();
  }

  /** Starts a call, and keeps its time from now on; on the loop. */
  void start(PendingCall call) {
    if (begins(call)) {
      route.start(call);
    }
  }

  /** As {@link #start(PendingCall)}, at a primary. */
  void startAt(NodeId primary, PendingCall call) {
    if (begins(call)) {
      route.startAt(primary, call);
    }
  }

  private boolean begins(PendingCall call) {
    if (call.over()) {
      return false;
    }
    lookAt(deadlines.add(call));
    return true;
  }

  /** Nobody waits for a call any more; from any thread. */
  void forget(PendingCall call) {
    try {
      loop.execute(call::forget);
    } catch (RejectedExecutionException gone) {
      // So is all that it could leave behind.
    }
  }

  private void lookAt(long due) {
    if (due < looksAt) {
      if (look != null) {
        look.cancel(false);
      }
      looksAt = due;
      look = loop.schedule(this::look, due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    look = null;
    looksAt = Long.MAX_VALUE;
    deadlines.sweep(System.nanoTime());
    lookAt(deadlines.next());
  }
}

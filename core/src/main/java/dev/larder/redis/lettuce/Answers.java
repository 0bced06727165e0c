package dev.larder.redis.lettuce;

import dev.larder.redis.Call;
import dev.larder.redis.Outcome;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the caller of several calls gets: once all of them have an outcome, and never a fault. */
final class Answers<T> extends CompletableFuture<T> implements PendingCall.Receiver, CallLoop.Work {
  private final CallLoop calls;
  private final List<PendingCall> pending;
  private final Start start;
  private final Function<List<Outcome>, T> finish;
  private final Outcome[] outcomes;
  private int open;

  /** Starts one of the calls. */
  interface Start {
    /**
     * Starts it; on the loop.
     *
     * @param index which one
     */
    void start(int index, PendingCall call);
  }

  /**
   * @param all at least one
   * @param start starts them; on the loop
   * @param finish makes the result of the outcomes
   */
  Answers(
      CallLoop calls,
      List<? extends Call> all,
      Duration budget,
      Start start,
      Function<List<Outcome>, T> finish) {
    this.calls = calls;
    this.start = start;
    this.finish = finish;
    this.pending = new ArrayList<>(all.size());
    this.outcomes = new Outcome[all.size()];
    this.open = all.size();
    for (Call call : all) {
      pending.add(new PendingCall(call, budget, this, pending.size()));
    }
  }

  @Override
  public void begin() {
    for (int i = 0; i < outcomes.length; i++) {
      start.start(i, pending.get(i));
    }
  }

  @Override
  public void fail(String why, @Nullable Throwable cause) {
    pending.forEach(it -> it.fail(why, cause));
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    if (cancelled) {
      pending.forEach(calls::forget);
    }
    return cancelled;
  }

  @Override
  public void answered(int index, Reply reply) {
    end(index, new Outcome.Answered(reply));
  }

  @Override
  public void notSent(int index, RedisUnavailableException fault) {
    end(index, new Outcome.NotSent(fault));
  }

  @Override
  public void unknown(int index, RedisOutcomeUnknownException fault) {
    end(index, new Outcome.Unknown(fault));
  }

  private void end(int index, Outcome outcome) {
    outcomes[index] = outcome;
    open--;
    if (open == 0) {
      complete(finish.apply(List.of(outcomes)));
    }
  }
}

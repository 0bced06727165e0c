package dev.larder.redis.lettuce;

import dev.larder.redis.Call;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What the caller of one call gets. */
final class Answer extends CompletableFuture<Reply> implements PendingCall.Receiver, CallLoop.Work {
  private final CallLoop calls;
  private final PendingCall pending;

  Answer(CallLoop calls, Call call, Duration budget) {
    this.calls = calls;
    this.pending = new PendingCall(call, budget, this, 0);
  }

  @Override
  public void begin() {
    calls.start(pending);
  }

  @Override
  public void fail(String why, @Nullable Throwable cause) {
    pending.fail(why, cause);
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    if (cancelled) {
      calls.forget(pending);
    }
    return cancelled;
  }

  @Override
  public void answered(int index, Reply reply) {
    complete(reply);
  }

  @Override
  public void notSent(int index, RedisUnavailableException fault) {
    completeExceptionally(fault);
  }

  @Override
  public void unknown(int index, RedisOutcomeUnknownException fault) {
    completeExceptionally(fault);
  }
}

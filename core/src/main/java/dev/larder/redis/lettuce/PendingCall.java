package dev.larder.redis.lettuce;

import static java.util.Objects.requireNonNull;

import dev.larder.redis.Call;
import dev.larder.redis.Command;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import dev.larder.redis.ScriptCall;
import dev.larder.redis.Slot;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call from {@code send} to its outcome, whatever attempts that takes. All of it happens on the
 * loop, but for being made and being cancelled.
 */
final class PendingCall extends Deadlines.Entry {
  private static final Set<String> RUNS_A_SCRIPT =
      Set.of("EVAL", "EVALSHA", "EVAL_RO", "EVALSHA_RO", "FCALL", "FCALL_RO");

  private final Call call;
  private final Duration budget;
  private final Receiver receiver;
  private final int index;
  private boolean sent;
  private boolean over;

  /** Who is told the outcome, once. */
  interface Receiver {
    /**
     * The engine answered.
     *
     * @param index which of the receiver's calls
     */
    void answered(int index, Reply reply);

    /** Nothing was sent. */
    void notSent(int index, RedisUnavailableException fault);

    /** It was sent, and there is no answer. */
    void unknown(int index, RedisOutcomeUnknownException fault);

    /** Whether nobody waits for the outcome any more. */
    boolean isDone();
  }

  PendingCall(Call call, Duration budget, Receiver receiver, int index) {
    super(System.nanoTime() + budget.toNanos());
    this.call = requireNonNull(call, "call");
    this.budget = budget;
    this.receiver = receiver;
    this.index = index;
  }

  Call call() {
    return call;
  }

  /** Which slot of a Cluster it is for, or -1 if it has no key. */
  int slot() {
    if (call instanceof ScriptCall script) {
      return script.keys().isEmpty() ? -1 : Slot.of(script.keys().get(0));
    }
    return ((Command) call).firstKey().map(Slot::of).orElse(-1);
  }

  /**
   * Whether an error by which an engine refuses a call proves that it did. A script may answer any
   * error, and may have run before.
   */
  boolean believesRefusals() {
    return call instanceof ScriptCall script
        ? script.script().isRetriable()
        : !RUNS_A_SCRIPT.contains(call.name().toUpperCase(Locale.ROOT));
  }

  /** Whether it has its outcome, or nobody waits for one: then nothing more is to be sent. */
  boolean over() {
    return over || receiver.isDone();
  }

  /** Bytes of it go out now. */
  void sent() {
    sent = true;
  }

  /** The engine has proved that it executed nothing of it. */
  void refused() {
    sent = false;
  }

  void answered(Reply reply) {
    if (end()) {
      receiver.answered(index, reply);
    }
  }

  /**
   * It ends without an answer: as not sent or as unknown, by what is true of it.
   *
   * @param why continues a sentence: {@code within 5 ms}
   */
  void fail(String why, @Nullable Throwable cause) {
    if (!end()) {
      return;
    }
    if (sent) {
      receiver.unknown(
          index,
          new RedisOutcomeUnknownException(
              call.name() + " was sent, but not answered" + why, cause));
    } else {
      receiver.notSent(
          index, new RedisUnavailableException(call.name() + " was not sent" + why, cause));
    }
  }

  /** Nobody waits for it any more. */
  void forget() {
    end();
  }

  @Override
  void expired() {
    fail(" within " + budget.toMillis() + " ms", null);
  }

  private boolean end() {
    if (over) {
      return false;
    }
    over = true;
    leave();
    return true;
  }
}

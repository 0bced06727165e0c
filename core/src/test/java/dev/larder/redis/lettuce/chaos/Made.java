package dev.larder.redis.lettuce.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Call;
import dev.larder.redis.Command;
import dev.larder.redis.Outcome;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One call, which no other call can be mistaken for: its answer carries its mark, and if it leaves
 * something, it is its value in a counter of its own.
 */
final class Made {
  private static final Script ADD = Script.beside(Made.class, "add_once.lua");
  private static final Script ADD_RETRIABLY = ADD.retriable();
  private static final String LARGE = "z".repeat(100_000);

  /** So that keys can be read many at a time on a Cluster too. */
  static final int TAGS = 64;

  /** What a call was told. */
  enum Told {
    /** Its own answer. */
    ANSWERED,
    /** An error by which the engine refused it. */
    REFUSED,
    /** An answer that is nobody's, or one that the engine gave to a broken call. */
    DAMAGED,
    /** Another call's answer, or a fault that there must not be. */
    WRONG,
    NOT_SENT,
    UNKNOWN,
    CANCELLED
  }

  private final Mark mark;
  private final String counter;
  private final Call call;
  private final Predicate<Reply> own;
  private volatile @Nullable Told told;
  private volatile String detail = "";

  private Made(Mark mark, String counter, Call call, Predicate<Reply> own) {
    this.mark = mark;
    this.counter = counter;
    this.call = call;
    this.own = own;
  }

  /** One of several kinds. */
  static Made any(long number, Random random) {
    Mark mark = new Mark(number);
    int kind = random.nextInt(1000);
    if (kind < 400) {
      return added(mark);
    } else if (kind < 700) {
      return scripted(mark, random.nextBoolean() ? ADD : ADD_RETRIABLY, mark.word());
    } else if (kind < 850) {
      return echoed(mark);
    } else if (kind < 985) {
      return refused(mark);
    }
    String large = mark.word() + LARGE + mark.word();
    return random.nextBoolean() ? echoed(mark, large) : scripted(mark, ADD, large);
  }

  /** Its counter. */
  static Made added(Mark mark) {
    String key = key(mark);
    return new Made(
        mark,
        key,
        Command.of("INCRBY").key(key).arg(mark.value()),
        new Reply.Int(mark.value())::equals);
  }

  /** Its counter, by a script. */
  static Made scripted(Mark mark) {
    return scripted(mark, ADD, mark.word());
  }

  private static Made scripted(Mark mark, Script script, String back) {
    String key = key(mark);
    Reply own =
        new Reply.Array(List.of(new Reply.Int(mark.value()), new Reply.Bulk(back.getBytes(UTF_8))));
    return new Made(
        mark,
        key,
        new ScriptCall(
            script,
            List.of(key.getBytes(UTF_8)),
            List.of(Long.toString(mark.value()).getBytes(UTF_8), back.getBytes(UTF_8))),
        own::equals);
  }

  /** Nothing, but for its answer. */
  static Made echoed(Mark mark) {
    return echoed(mark, mark.word());
  }

  private static Made echoed(Mark mark, String text) {
    return new Made(
        mark, "", Command.of("ECHO").arg(text), new Reply.Bulk(text.getBytes(UTF_8))::equals);
  }

  /** By an error of its own. */
  static Made refused(Mark mark) {
    return new Made(
        mark,
        "",
        Command.of(mark.word()),
        it ->
            it instanceof Reply.Failure failure
                && failure.message().startsWith("ERR unknown command")
                && failure.message().contains(mark.word()));
  }

  private static String key(Mark mark) {
    return "{t" + mark.number() % TAGS + "}" + mark.word();
  }

  Call call() {
    return call;
  }

  /** The key of what it leaves; empty if that is nothing. */
  String counter() {
    return counter;
  }

  /** The part of its key that tells its slot, 0 to {@link #TAGS} - 1. */
  int tag() {
    return (int) (mark.number() % TAGS);
  }

  /** Null as long as it was told nothing. */
  @Nullable Told told() {
    return told;
  }

  void tell(Outcome outcome) {
    try {
      tell(outcome.reply(), null);
    } catch (RedisUnavailableException | RedisOutcomeUnknownException e) {
      tell(null, e);
    }
  }

  /** Tells it what its stage completed with: one of both. */
  void tell(@Nullable Reply reply, @Nullable Throwable fault) {
    Told before = told;
    Throwable cause = fault instanceof CompletionException ? fault.getCause() : fault;
    if (before != null) {
      note(Told.WRONG, "told twice, after " + before + " " + detail);
    } else if (reply != null) {
      judge(reply);
    } else if (cause instanceof RedisUnavailableException) {
      note(Told.NOT_SENT, cause.getMessage());
    } else if (cause instanceof RedisOutcomeUnknownException) {
      note(Told.UNKNOWN, cause.getMessage());
    } else if (cause instanceof CancellationException) {
      note(Told.CANCELLED, "");
    } else {
      note(Told.WRONG, String.valueOf(cause));
    }
  }

  private void judge(Reply reply) {
    String text = text(reply);
    if (own.test(reply)) {
      note(Told.ANSWERED, "");
    } else if (Mark.in(text).stream().anyMatch(it -> !it.equals(mark))) {
      note(Told.WRONG, text);
    } else if (reply instanceof Reply.Failure failure && failure.kind().passes()) {
      note(Told.REFUSED, text);
    } else {
      note(Told.DAMAGED, text);
    }
  }

  private void note(Told told, @Nullable String detail) {
    this.detail = String.valueOf(detail);
    this.told = told;
  }

  private static String text(Reply reply) {
    if (reply instanceof Reply.Array array) {
      return array.elements().stream().map(Made::text).collect(Collectors.joining(", ", "[", "]"));
    }
    return reply instanceof Reply.Bulk bulk ? new String(bulk.bytes(), UTF_8) : reply.toString();
  }

  /**
   * Whether what its counter holds can be, by what it was told.
   *
   * @param held a number, or {@code (nil)}
   * @param lossy whether what was answered may be lost again
   */
  boolean explains(String held, boolean lossy) {
    boolean once = held.equals(Long.toString(mark.value()));
    boolean never = held.equals("(nil)");
    Told finished = told;
    if (finished == null) {
      return false;
    }
    return switch (finished) {
      case ANSWERED -> once || (never && lossy);
      case REFUSED, NOT_SENT -> never;
      case DAMAGED, UNKNOWN, CANCELLED, WRONG -> once || never;
    };
  }

  @Override
  public String toString() {
    String text = detail.length() > 300 ? detail.substring(0, 300) + "…" : detail;
    return call + " of " + mark.word() + " (" + mark.value() + "): " + told + " " + text;
  }
}

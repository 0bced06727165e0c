package dev.larder.redis.lettuce;

import dev.larder.redis.Command;
import dev.larder.redis.Reply;
import dev.larder.redis.ScriptCall;
import dev.larder.redis.lettuce.link.ReplyCommand;
import dev.larder.redis.lettuce.link.RequestFormat;
import io.netty.buffer.ByteBuf;

/** A call on its way over one connection. */
final class Attempt extends ReplyCommand {
  /** How Redis and Valkey say it; a script's own error does not, unless it means to deceive. */
  private static final String UNKNOWN_SCRIPT = "NOSCRIPT No matching script.";

  private final PendingCall call;
  private final boolean bySource;
  private final Ended ended;
  private final Command command;

  /** Who goes on with a call when an attempt is over. */
  interface Ended {
    /** The engine did not know the script, and so executed nothing. */
    void next(Attempt bySource);

    /** The engine answered. */
    void answered(Attempt attempt, Reply reply);

    /** There will be no answer. */
    void lost(Attempt attempt, Throwable cause);
  }

  /** The first attempt of a call: a script by its SHA-1. */
  Attempt(PendingCall call, Ended ended) {
    this(call, ended, false);
  }

  private Attempt(PendingCall call, Ended ended, boolean bySource) {
    this.call = call;
    this.ended = ended;
    this.bySource = bySource;
    this.command =
        call.call() instanceof ScriptCall script
            ? bySource ? script.bySource() : script.bySha1()
            : (Command) call.call();
  }

  /** The same once more. */
  Attempt again() {
    return new Attempt(call, ended, bySource);
  }

  PendingCall call() {
    return call;
  }

  @Override
  protected boolean wanted() {
    return !call.over();
  }

  @Override
  public void encode(ByteBuf out) {
    call.sent();
    RequestFormat.command(out, command.words());
  }

  @Override
  protected void replied(Reply reply) {
    if (isUnknownScript(reply)) {
      call.refused();
      ended.next(new Attempt(call, ended, true));
    } else {
      ended.answered(this, reply);
    }
  }

  private boolean isUnknownScript(Reply reply) {
    return !bySource
        && call.call() instanceof ScriptCall
        && reply instanceof Reply.Failure failure
        && failure.message().startsWith(UNKNOWN_SCRIPT);
  }

  @Override
  protected void lost(Throwable cause) {
    ended.lost(this, cause);
  }

  @Override
  public String toString() {
    return command.toString();
  }
}

package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.Command;
import dev.larder.redis.Reply;
import dev.larder.redis.ScriptCall;
import dev.larder.redis.lettuce.link.ReplyCommand;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** A call on its way over one connection. */
final class Attempt extends ReplyCommand {
  /** {@code *0} or {@code $0} without its marker, up to here, so that most need not be made. */
  private static final byte[][] NUMBERS = new byte[1024][];

  static {
    for (int i = 0; i < NUMBERS.length; i++) {
      NUMBERS[i] = line(i);
    }
  }

  private static final byte[] CRLF = {'\r', '\n'};

  /** How Redis and Valkey say it; a script's own error does not, unless it means to deceive. */
  private static final String UNKNOWN_SCRIPT = "NOSCRIPT No matching script.";

  private final PendingCall call;
  private final boolean bySource;
  private final Ended ended;
  private final Command command;

  /** Who goes on with a call when an attempt is over. */
  interface Ended {
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

  /** The next attempt where the engine did not know the script, and so executed nothing. */
  Attempt bySource() {
    return new Attempt(call, ended, true);
  }

  /** Whether an answer says that the engine does not know the script. */
  boolean isUnknownScript(Reply.Failure answer) {
    return !bySource
        && call.call() instanceof ScriptCall
        && answer.message().startsWith(UNKNOWN_SCRIPT);
  }

  PendingCall call() {
    return call;
  }

  @Override
  public void encode(ByteBuf out) {
    call.sent();
    List<byte[]> words = command.words();
    writeNumber(out, '*', words.size());
    for (int i = 0; i < words.size(); i++) {
      byte[] word = words.get(i);
      writeNumber(out, '$', word.length);
      out.writeBytes(word);
      out.writeBytes(CRLF);
    }
  }

  private static void writeNumber(ByteBuf out, char marker, int number) {
    out.writeByte(marker);
    out.writeBytes(number < NUMBERS.length ? NUMBERS[number] : line(number));
  }

  private static byte[] line(int number) {
    return (number + "\r\n").getBytes(US_ASCII);
  }

  @Override
  protected void replied(Reply reply) {
    ended.answered(this, reply);
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

package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.larder.redis.Command;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.RedisCommand;
import io.netty.buffer.ByteBuf;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A command in flight. It knows whether its bytes were handed to the connection, and lets that
 * happen once only, whatever Lettuce tries: that alone decides which fault a caller sees.
 *
 * <p>Bytes that were handed over and then not flushed count as sent. That is pessimistic, and safe.
 */
final class OneShot implements RedisCommand<byte[], byte[], @Nullable Reply> {
  private static final byte[] PING = "*1\r\n$4\r\nPING\r\n".getBytes(US_ASCII);
  private static final byte[] CRLF = {'\r', '\n'};

  private enum State {
    UNSENT,
    SENT,
    ABANDONED
  }

  private record Keyword(String text) implements ProtocolKeyword {
    @Override
    public byte[] getBytes() {
      return text.getBytes(US_ASCII);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final Command command;
  private final ProtocolKeyword type;
  private final CompletableFuture<Reply> answer = new CompletableFuture<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.UNSENT);
  private @Nullable Timeout timeout;
  private CommandOutput<byte[], byte[], @Nullable Reply> output = new ReplyOutput();

  OneShot(Command command) {
    this.command = command;
    this.type = new Keyword(command.name().toUpperCase(Locale.ROOT));
  }

  /**
   * Ends it without an answer, if none has come within the budget. Called once, before it is
   * dispatched.
   */
  void watch(Duration budget, Timer timer) {
    timeout =
        timer.newTimeout(
            late -> fail(" within " + budget.toMillis() + " ms", null),
            budget.toMillis(),
            MILLISECONDS);
  }

  CompletableFuture<Reply> answer() {
    return answer;
  }

  boolean wasSent() {
    return state.get() == State.SENT;
  }

  @Override
  public void encode(ByteBuf out) {
    if (state.compareAndSet(State.UNSENT, State.SENT) || redirected()) {
      List<byte[]> words = command.words();
      writeHead(out, '*', words.size());
      for (byte[] word : words) {
        writeHead(out, '$', word.length);
        out.writeBytes(word);
        out.writeBytes(CRLF);
      }
    } else {
      // Abandoned while it waited (Lettuce wraps commands of a Cluster, and the wrapper does not
      // know that they are done), or a second attempt. It has its place in the queue of answers
      // already, so something harmless must be answered there.
      completeExceptionally(new IllegalStateException("it was to be sent a second time"));
      out.writeBytes(PING);
    }
  }

  /**
   * A node that answers MOVED or ASK has not executed the command, so it may go to the node that
   * was named.
   */
  private boolean redirected() {
    return ((ReplyOutput) output).takeRedirection() && !answer.isDone();
  }

  private static void writeHead(ByteBuf out, char marker, int number) {
    out.writeByte(marker);
    out.writeCharSequence(Integer.toString(number), US_ASCII);
    out.writeBytes(CRLF);
  }

  @Override
  public void complete() {
    Reply reply = output.get();
    if (reply == null) {
      completeExceptionally(new IllegalStateException("its answer could not be decoded"));
    } else {
      unwatch();
      answer.complete(reply);
    }
  }

  @Override
  public boolean completeExceptionally(Throwable cause) {
    unwatch();
    String why = cause.getMessage();
    return fail(": " + (why == null ? cause : why), cause);
  }

  private void unwatch() {
    Timeout watching = timeout;
    if (watching != null) {
      watching.cancel();
    }
  }

  private boolean fail(String why, @Nullable Throwable cause) {
    state.compareAndSet(State.UNSENT, State.ABANDONED);
    return answer.completeExceptionally(
        wasSent()
            ? new RedisOutcomeUnknownException(type + " was sent, but not answered" + why, cause)
            : new RedisUnavailableException(type + " was not sent" + why, cause));
  }

  @Override
  public void cancel() {
    completeExceptionally(new CancellationException("cancelled"));
  }

  @Override
  public boolean isCancelled() {
    return answer.isCancelled();
  }

  @Override
  public boolean isDone() {
    return answer.isDone();
  }

  /** Only what routing looks at; the bytes themselves are written by {@link #encode}. */
  @Override
  public CommandArgs<byte[], byte[]> getArgs() {
    CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    command.firstKey().ifPresent(args::addKey);
    return args;
  }

  @Override
  public ProtocolKeyword getType() {
    return type;
  }

  @Override
  public CommandOutput<byte[], byte[], @Nullable Reply> getOutput() {
    return output;
  }

  @Override
  public void setOutput(CommandOutput<byte[], byte[], @Nullable Reply> output) {
    this.output = output;
  }

  @Override
  public String toString() {
    return command.toString();
  }
}

package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.lettuce.link.RequestFormat;
import dev.larder.redis.lettuce.link.WireCommand;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to the engine, and its reply's way back: it encodes its slices of the batch
 * as RESP2, and what Lettuce decodes goes straight to its exchange. One object is all that a
 * command costs.
 */
final class RestCommand extends WireCommand implements Words {
  private static final byte[] MULTI = "*1\r\n$5\r\nMULTI\r\n".getBytes(US_ASCII);
  private static final byte[] EXEC = "*1\r\n$4\r\nEXEC\r\n".getBytes(US_ASCII);

  /** What a command is to its exchange. */
  enum Role {
    /** Answers for itself. */
    ELEMENT,
    /** Opens a transaction. */
    MULTI,
    /** Stands in a transaction; its reply only says that it was queued. */
    QUEUED,
    /** Ends a transaction; its reply holds those of all of its commands. */
    EXEC
  }

  private final Exchange exchange;
  private final int index;
  private final CommandRule rule;
  private final Role role;
  private byte @Nullable [] @Nullable [] replaced;
  private byte @Nullable [][] rewritten;
  private byte @Nullable [] answer;
  private int open;

  RestCommand(Exchange exchange, int index, CommandRule rule, Role role) {
    this.exchange = exchange;
    this.index = index;
    this.rule = rule;
    this.role = role;
  }

  int index() {
    return index;
  }

  CommandRule rule() {
    return rule;
  }

  CommandBatch batch() {
    return exchange.batch();
  }

  /** Sends {@code bytes} in the place of an argument. */
  void replace(int argument, byte[] bytes) {
    if (replaced == null) {
      replaced = new byte[batch().arity(index)][];
    }
    replaced[argument] = bytes;
  }

  /** Sends these words instead, its name among them. */
  void rewrite(byte[]... words) {
    rewritten = words;
  }

  /** Puts {@code bytes} in the place of the string that the engine answers. */
  void answerWith(byte[] bytes) {
    answer = bytes;
  }

  @Override
  public int count() {
    return rewritten != null ? rewritten.length : batch().arity(index);
  }

  @Override
  public byte[] word(int argument) {
    byte[] instead =
        rewritten != null ? rewritten[argument] : replaced == null ? null : replaced[argument];
    return instead != null ? instead : batch().bytes(index, argument);
  }

  @Override
  public void encode(ByteBuf to) {
    if (role == Role.MULTI) {
      to.writeBytes(MULTI);
    } else if (role == Role.EXEC) {
      to.writeBytes(EXEC);
    } else if (rewritten != null) {
      RequestFormat.command(to, Arrays.asList(rewritten));
    } else {
      encodeArguments(to);
    }
  }

  private void encodeArguments(ByteBuf to) {
    CommandBatch batch = exchange.batch();
    byte[] data = batch.data();
    int arity = batch.arity(index);
    RequestFormat.arity(to, arity);
    for (int argument = 0; argument < arity; argument++) {
      byte[] instead = replaced == null ? null : replaced[argument];
      if (instead != null) {
        RequestFormat.word(to, instead, 0, instead.length);
      } else {
        int start = batch.start(index, argument);
        RequestFormat.word(to, data, start, batch.end(index, argument) - start);
      }
    }
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes != null && answer != null) {
      exchange.string(this, ByteBuffer.wrap(answer), open);
    } else {
      exchange.string(this, bytes, open);
    }
  }

  @Override
  public void set(long integer) {
    exchange.integer(this, integer, open);
  }

  @Override
  public void setError(ByteBuffer error) {
    exchange.error(this, UTF_8.decode(error).toString(), open);
  }

  @Override
  public void multi(int count) {
    if (count < 0) {
      exchange.string(this, null, open);
    } else {
      exchange.openArray(this, count, open++);
    }
  }

  /**
   * Lettuce calls this behind each element, and behind each array when its last element has been.
   */
  @Override
  public void complete(int depth) {
    while (open > depth) {
      exchange.closeArray(this, --open);
    }
  }

  Role role() {
    return role;
  }

  @Override
  protected void replied() {
    exchange.replied();
  }

  @Override
  protected void lost(Throwable cause) {
    exchange.lost(cause);
  }
}

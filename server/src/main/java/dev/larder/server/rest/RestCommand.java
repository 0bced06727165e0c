package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.rest.command.CommandRule;
import dev.larder.server.rest.command.OutgoingCommand;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A command of an exchange, and its reply's way back: what Lettuce decodes goes straight to the
 * exchange. One object is all that a command costs.
 */
final class RestCommand extends OutgoingCommand {
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
  private final Role role;
  private int open;

  RestCommand(Exchange exchange, int index, CommandRule rule, Role role) {
    super(exchange.batch(), index, rule);
    this.exchange = exchange;
    this.role = role;
  }

  @Override
  public void encode(ByteBuf to) {
    switch (role) {
      case MULTI -> to.writeBytes(MULTI);
      case EXEC -> to.writeBytes(EXEC);
      case ELEMENT, QUEUED -> super.encode(to);
    }
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    exchange.string(this, bytes, open);
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

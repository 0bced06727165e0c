package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Reply;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Reply} while Lettuce decodes it. Arrays deeper than 31 levels are beyond
 * Lettuce's decoder.
 */
final class ReplyOutput extends CommandOutput<byte[], byte[], @Nullable Reply> {
  private static final Reply NIL = new Reply.Nil();

  /** Arrays that still lack elements, the innermost first. */
  private final Deque<Unfinished> unfinished = new ArrayDeque<>();

  private boolean redirection;

  private record Unfinished(int size, List<Reply> elements) {}

  ReplyOutput() {
    super(ByteArrayCodec.INSTANCE, null);
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    add(bytes == null ? NIL : new Reply.Bulk(copy(bytes)));
  }

  @Override
  public void setSingle(ByteBuffer bytes) {
    add(new Reply.Status(new String(copy(bytes), UTF_8)));
  }

  @Override
  public void set(long integer) {
    add(new Reply.Int(integer));
  }

  @Override
  public void setError(ByteBuffer bytes) {
    String message = new String(copy(bytes), UTF_8);
    if (unfinished.isEmpty()) {
      setError(message); // Lettuce looks here for the redirections of a Cluster
      redirection = message.startsWith("MOVED ") || message.startsWith("ASK ");
    }
    add(new Reply.Failure(message));
  }

  @Override
  public void multi(int size) {
    if (size < 0) {
      add(NIL);
    } else if (size == 0) {
      add(new Reply.Array(List.of()));
    } else {
      // The size is what the other end claims: no memory is taken before elements arrive.
      unfinished.push(new Unfinished(size, new ArrayList<>(Math.min(size, 64))));
    }
  }

  /** Whether the last answer was a redirection; asked a second time, no. */
  boolean takeRedirection() {
    boolean taken = redirection;
    redirection = false;
    return taken;
  }

  private void add(Reply reply) {
    Reply complete = reply;
    while (!unfinished.isEmpty()) {
      Unfinished array = unfinished.peek();
      array.elements().add(complete);
      if (array.elements().size() < array.size()) {
        return;
      }
      unfinished.pop();
      complete = new Reply.Array(array.elements());
    }
    output = complete;
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }
}

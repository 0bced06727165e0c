package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Reply;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command whose reply is kept as a {@link Reply}. */
public abstract class ReplyCommand extends WireCommand {
  private static final Reply NIL = new Reply.Nil();

  /** What a part takes beside its bytes. */
  private static final int PART = 48;

  /** Arrays that still lack elements, the innermost first. */
  private @Nullable Deque<Unfinished> unfinished;

  private @Nullable Reply reply;

  private record Unfinished(int size, List<Reply> elements) {}

  /** A command that was not sent yet. */
  protected ReplyCommand() {}

  /** The reply is complete. */
  protected abstract void replied(Reply reply);

  /**
   * Whether a part of the reply may be kept; if not, nil stands in its place.
   *
   * @param bytes what it takes in memory, at a guess
   */
  protected boolean keeps(int bytes) {
    return true;
  }

  @Override
  protected final void replied() {
    replied(reply == null ? NIL : reply);
  }

  @Override
  public final void set(@Nullable ByteBuffer bytes) {
    if (bytes == null || !keeps(PART + bytes.remaining())) {
      add(NIL);
    } else if (LettuceClients.isStatus(bytes)) {
      add(new Reply.Status(new String(copy(bytes), UTF_8)));
    } else {
      add(new Reply.Bulk(copy(bytes)));
    }
  }

  @Override
  public final void set(long integer) {
    add(keeps(PART) ? new Reply.Int(integer) : NIL);
  }

  @Override
  public final void setError(ByteBuffer bytes) {
    add(new Reply.Failure(new String(copy(bytes), UTF_8)));
  }

  @Override
  public final void multi(int size) {
    if (size < 0) {
      add(NIL);
    } else if (size == 0) {
      add(new Reply.Array(List.of()));
    } else {
      if (unfinished == null) {
        unfinished = new ArrayDeque<>();
      }
      // The size is what the other end claims: no memory is taken before elements arrive.
      unfinished.push(new Unfinished(size, new ArrayList<>(Math.min(size, 64))));
    }
  }

  private void add(Reply one) {
    Reply complete = one;
    while (unfinished != null && !unfinished.isEmpty()) {
      Unfinished array = unfinished.element();
      array.elements().add(complete);
      if (array.elements().size() < array.size()) {
        return;
      }
      unfinished.pop();
      complete = new Reply.Array(array.elements());
    }
    reply = complete;
  }

  private static byte[] copy(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }
}

package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.LettuceClients;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one node of a Cluster, once. Its reply is kept as an object: nodes answer in
 * whatever order, and may answer that another is to be asked.
 */
abstract class NodeCommand extends WireCommand {
  private static final Reply NIL = new Reply.Nil();

  private final Consumer<ByteBuf> request;

  /** Arrays that still lack elements, the innermost first. */
  private final Deque<Unfinished> unfinished = new ArrayDeque<>(0);

  private @Nullable Reply reply;

  private record Unfinished(int size, List<Reply> elements) {}

  /**
   * @param request writes the command as RESP2
   */
  NodeCommand(Consumer<ByteBuf> request) {
    this.request = request;
  }

  /** The reply is complete. */
  abstract void replied(Reply reply);

  @Override
  public final void encode(ByteBuf to) {
    request.accept(to);
  }

  @Override
  final void replied() {
    replied(reply == null ? NIL : reply);
  }

  @Override
  public final void set(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      add(NIL);
    } else if (LettuceClients.isStatus(bytes)) {
      add(new Reply.Status(new String(copy(bytes), UTF_8)));
    } else {
      add(new Reply.Bulk(copy(bytes)));
    }
  }

  @Override
  public final void set(long integer) {
    add(new Reply.Int(integer));
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
      unfinished.push(new Unfinished(size, new ArrayList<>(Math.min(size, 64))));
    }
  }

  private void add(Reply one) {
    Reply complete = one;
    while (!unfinished.isEmpty()) {
      Unfinished array = unfinished.peek();
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
    var copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return copy;
  }

  /** Tells {@code command} of a reply as if Lettuce had just decoded it. */
  static void replay(Reply reply, WireCommand command) {
    tell(reply, command, 0);
    command.complete();
  }

  private static void tell(Reply reply, WireCommand command, int depth) {
    if (reply instanceof Reply.Status status) {
      // Its mark stands before it, as in Lettuce's buffer.
      command.set(ByteBuffer.wrap(('+' + status.text()).getBytes(UTF_8)).position(1));
    } else if (reply instanceof Reply.Bulk bulk) {
      command.set(ByteBuffer.wrap(bulk.bytes()));
    } else if (reply instanceof Reply.Int number) {
      command.set(number.value());
    } else if (reply instanceof Reply.Failure failure) {
      command.setError(ByteBuffer.wrap(failure.message().getBytes(UTF_8)));
    } else if (reply instanceof Reply.Array array) {
      command.multi(array.elements().size());
      array.elements().forEach(element -> tell(element, command, depth + 1));
      command.complete(depth);
    } else {
      command.set((ByteBuffer) null);
    }
  }
}

package dev.larder.redis.lettuce.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.link.ReplyCommand;
import dev.larder.redis.uri.RedisUri.Node;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/** CLUSTER NODES: asks a node which node has which slots. */
final class TableQuestion extends ReplyCommand {
  private static final byte[] CLUSTER_NODES =
      "*2\r\n$7\r\nCLUSTER\r\n$5\r\nNODES\r\n".getBytes(US_ASCII);

  private final Node asked;
  private final boolean byName;
  private final CompletableFuture<SlotTable> told = new CompletableFuture<>();

  /**
   * To be sent to a node.
   *
   * @param asked that node
   * @param byName whether a node's host name is preferred to its address, as TLS needs it
   */
  TableQuestion(Node asked, boolean byName) {
    this.asked = asked;
    this.byName = byName;
  }

  /** What it answers; fails if it cannot be asked, or knows of no slots. */
  CompletableFuture<SlotTable> told() {
    return told;
  }

  @Override
  public void encode(ByteBuf to) {
    to.writeBytes(CLUSTER_NODES);
  }

  @Override
  protected void replied(Reply reply) {
    if (!(reply instanceof Reply.Bulk)) {
      told.completeExceptionally(new IllegalStateException(asked + " answered " + reply));
      return;
    }
    try {
      SlotTable table = SlotTable.parse(reply.text(), asked, byName);
      if (table.primaries().isEmpty()) {
        throw new IllegalStateException(asked + " knows of no slots");
      }
      told.complete(table);
    } catch (RuntimeException fault) {
      told.completeExceptionally(fault);
    }
  }

  @Override
  protected void lost(Throwable cause) {
    told.completeExceptionally(cause);
  }
}

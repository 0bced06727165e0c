package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.Reply;
import io.netty.buffer.ByteBuf;

/**
 * Lets the next command ask a node of a Cluster for a slot that it only imports. Its reply says
 * nothing: what follows it is told how it went.
 */
public final class Asking extends ReplyCommand {
  private static final byte[] ASKING = "*1\r\n$6\r\nASKING\r\n".getBytes(US_ASCII);

  private final WireCommand next;

  /**
   * To be sent right before another command.
   *
   * @param next without which it is not sent either, lest it be for somebody else's
   */
  public Asking(WireCommand next) {
    this.next = next;
  }

  @Override
  protected boolean wanted() {
    return next.wanted();
  }

  @Override
  public void encode(ByteBuf to) {
    to.writeBytes(ASKING);
  }

  @Override
  protected void replied(Reply reply) {}

  @Override
  protected void lost(Throwable cause) {}
}

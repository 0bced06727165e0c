package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.link.ReplyCommand;
import io.netty.buffer.ByteBuf;

/** Lets the next command ask a node for a slot that it only imports. */
final class Asking extends ReplyCommand {
  private static final byte[] ASKING = "*1\r\n$6\r\nASKING\r\n".getBytes(US_ASCII);

  @Override
  public void encode(ByteBuf to) {
    to.writeBytes(ASKING);
  }

  @Override
  protected void replied(Reply reply) {}

  @Override
  protected void lost(Throwable cause) {}
}

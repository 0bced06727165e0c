package dev.larder.redis.lettuce.link;

import io.lettuce.core.protocol.DecodeBufferPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * Takes bytes that no command waits for as a fault: Lettuce keeps them, for the next command to
 * take them for its reply.
 *
 * @param policy what becomes of bytes that were decoded
 */
record NothingUnsolicited(DecodeBufferPolicy policy) implements DecodeBufferPolicy {
  @Override
  public void afterPartialDecode(ByteBuf buffer) {
    policy.afterPartialDecode(buffer);
  }

  @Override
  public void afterCommandDecoded(ByteBuf buffer) {
    policy.afterCommandDecoded(buffer);
  }

  @Override
  public void afterDecoding(ByteBuf buffer) {
    if (buffer.isReadable()) {
      throw new CorruptedFrameException("the engine sent a reply that nobody waits for");
    }
    policy.afterDecoding(buffer);
  }
}

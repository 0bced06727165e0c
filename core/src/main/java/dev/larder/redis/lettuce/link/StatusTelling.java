package dev.larder.redis.lettuce.link;

import io.lettuce.core.protocol.DecodeBufferPolicy;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Tells a status from a bulk, which Lettuce (6.8 and 7.7) hands to {@code CommandOutput.set} alike:
 * its decoder never calls {@code setSingle}. What it hands over is a view of its read buffer, so
 * the byte before still tells: {@code +} is the mark of a status, a bulk follows a line feed. This
 * policy keeps that byte where Lettuce's own would discard it, which is between the mark and the
 * rest of a status that arrives in two packets.
 */
final class StatusTelling implements DecodeBufferPolicy {

  static boolean isStatus(ByteBuffer bytes) {
    return bytes.position() > 0 && bytes.get(bytes.position() - 1) == '+';
  }

  @Override
  public void afterPartialDecode(ByteBuf buffer) {
    discardAllButOne(buffer);
  }

  @Override
  public void afterDecoding(ByteBuf buffer) {
    discardAllButOne(buffer);
  }

  @Override
  public void afterCommandDecoded(ByteBuf buffer) {
    discardAllButOne(buffer);
  }

  /** Once three quarters were read, as Lettuce's default does. */
  private static void discardAllButOne(ByteBuf buffer) {
    int read = buffer.readerIndex();
    if (read > 1 && read >= buffer.capacity() / 4 * 3) {
      buffer.readerIndex(read - 1).discardReadBytes().readerIndex(1);
    }
  }
}

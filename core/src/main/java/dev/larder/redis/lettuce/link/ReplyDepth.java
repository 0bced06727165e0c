package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ByteProcessor;

/**
 * Puts an error in the place of an array that stands more deeply in a reply than Lettuce can
 * decode. Any script can answer such a reply, and Lettuce's decoder fails at it: the connection
 * would be lost, and with it the answers to all other callers.
 */
final class ReplyDepth extends ChannelInboundHandlerAdapter {
  /** How many arrays may stand in one another; Lettuce has room for these and what is in them. */
  static final int DEEPEST = 31;

  private static final byte[] TOO_DEEP =
      ("-ERR arrays that are nested more than " + DEEPEST + " deep cannot be answered\r\n")
          .getBytes(US_ASCII);

  private final long[] left = new long[DEEPEST];
  private int depth;
  private long dropping;
  private boolean inLine;
  private byte type;
  private long number;
  private boolean nil;
  private long payload;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (!(message instanceof ByteBuf bytes)) {
      super.channelRead(context, message);
      return;
    }
    int kept = bytes.readerIndex();
    int end = bytes.writerIndex();
    boolean whole = dropping == 0;
    for (int at = kept; at < end; ) {
      if (payload > 0) {
        long skipped = Math.min(payload, end - at);
        payload -= skipped;
        at += (int) skipped;
        if (payload == 0 && elementEnds()) {
          kept = at;
        }
      } else if (inLine) {
        at = line(bytes, at, end);
        if (!inLine && lineEnds()) {
          kept = at;
        }
      } else {
        type = bytes.getByte(at);
        if (type == '*' && dropping == 0 && depth == DEEPEST) {
          whole = false;
          pass(context, bytes, kept, at);
          context.fireChannelRead(Unpooled.wrappedBuffer(TOO_DEEP));
          dropping = 1;
        }
        inLine = true;
        number = 0;
        nil = false;
        at++;
      }
    }
    if (whole) {
      context.fireChannelRead(bytes);
      return;
    }
    if (dropping == 0) {
      pass(context, bytes, kept, end);
    }
    bytes.release();
  }

  private static void pass(ChannelHandlerContext context, ByteBuf bytes, int from, int to) {
    // Lettuce does not release an empty one.
    if (to > from) {
      context.fireChannelRead(bytes.retainedSlice(from, to - from));
    }
  }

  /** Reads on in a line, to its end if that is there; returns where it got to. */
  private int line(ByteBuf bytes, int from, int end) {
    if (type != '$' && type != '*') {
      int feed = bytes.forEachByte(from, end - from, ByteProcessor.FIND_LF);
      inLine = feed < 0;
      return inLine ? end : feed + 1;
    }
    for (int at = from; at < end; at++) {
      byte letter = bytes.getByte(at);
      if (letter >= '0') {
        number = number * 10 + letter - '0';
      } else if (letter == '-') {
        nil = true;
      } else if (letter == '\n') {
        inLine = false;
        return at + 1;
      }
    }
    return end;
  }

  /** Returns whether what comes next is kept again. */
  private boolean lineEnds() {
    if (type == '$' && !nil) {
      payload = number + 2;
      return false;
    }
    if (type != '*' || nil || number == 0) {
      return elementEnds();
    }
    if (dropping > 0) {
      dropping += number - 1;
    } else {
      left[depth++] = number;
    }
    return false;
  }

  private boolean elementEnds() {
    boolean again = dropping == 1;
    if (dropping > 0 && --dropping > 0) {
      return false;
    }
    while (depth > 0 && --left[depth - 1] == 0) {
      depth--;
    }
    return again;
  }
}

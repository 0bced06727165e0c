package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.util.ByteProcessor;
import java.io.ByteArrayOutputStream;

/**
 * Reads replies ahead of Lettuce's decoder, which believes what it should not, and fails at what it
 * should not.
 *
 * <ul>
 *   <li>Bytes that are no RESP2 are a fault. Lettuce skips the two behind a string whatever they
 *       are, so that one that lost a few of its own would be handed out with some of the next
 *       reply; and it waits for ever where a line does not end as it should.
 *   <li>An array that stands more deeply in a reply than Lettuce can decode is replaced by an
 *       error. Any script can answer such a reply, and the connection would be lost, and with it
 *       the answers to all other callers.
 *   <li>A string that is longer than is wanted is replaced by an error, and its bytes are dropped
 *       as they come. Lettuce would gather them all before it told of the first.
 * </ul>
 */
final class ReplyFormat extends ChannelInboundHandlerAdapter {
  /** How many arrays may stand in one another; Lettuce has room for these and what is in them. */
  static final int DEEPEST = 31;

  private static final byte[] TOO_DEEP =
      ("-ERR arrays that are nested more than " + DEEPEST + " deep cannot be answered\r\n")
          .getBytes(US_ASCII);

  /** How the error begins that stands in the place of a string that is too long. */
  static final String TOO_LONG = "ERR a string was not taken, as it has more than ";

  /** The empty line behind a string. */
  private static final byte END_OF_STRING = '\r';

  /** Of a string: a dollar, a sign or digits, CR and LF. What is longer is a fault. */
  private static final int LONGEST_HEAD = 16;

  /** What is longer does not fit into an array of Java's. */
  private static final int MOST_DIGITS = 10;

  private final int longestString;
  private final long[] left = new long[DEEPEST];
  private int depth;
  private long dropping;
  private boolean inLine;
  private byte type;
  private long number;
  private int digits;
  private boolean negative;
  private boolean feeding;
  private long payload;

  /** The beginning of a string's head, as it came before the rest of it. */
  private final ByteArrayOutputStream head = new ByteArrayOutputStream(LONGEST_HEAD);

  /**
   * @param longestString what is longer is replaced
   */
  ReplyFormat(int longestString) {
    this.longestString = longestString;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (!(message instanceof ByteBuf bytes)) {
      super.channelRead(context, message);
      return;
    }
    boolean passed = false;
    try {
      passed = read(context, bytes);
    } finally {
      if (!passed) {
        bytes.release();
      }
    }
  }

  /** Returns whether the bytes were passed on as they are. */
  private boolean read(ChannelHandlerContext context, ByteBuf bytes) {
    int kept = bytes.readerIndex();
    int end = bytes.writerIndex();
    boolean whole = dropping == 0 && head.size() == 0;
    int headAt = kept;
    for (int at = kept; at < end; ) {
      if (payload > 0) {
        int skipped = (int) Math.min(payload, end - at);
        payload -= skipped;
        at += skipped;
      } else if (inLine) {
        boolean ofHead = type == '$' && dropping == 0;
        at = line(bytes, at, end);
        if (!inLine && ofHead && isTooLong()) {
          whole = false;
          pass(context, bytes, kept, headAt);
          head.reset();
          context.fireChannelRead(
              Unpooled.copiedBuffer("-" + TOO_LONG + longestString + " bytes\r\n", US_ASCII));
          dropping = 1;
          payload = number;
          beginLine(END_OF_STRING);
        } else if (!inLine) {
          if (head.size() > 0) {
            context.fireChannelRead(Unpooled.wrappedBuffer(head.toByteArray()));
            head.reset();
          }
          if (lineEnds()) {
            kept = at;
          }
        }
      } else {
        type = type(bytes.getByte(at));
        if (type == '*' && dropping == 0 && depth == DEEPEST) {
          whole = false;
          pass(context, bytes, kept, at);
          context.fireChannelRead(Unpooled.wrappedBuffer(TOO_DEEP));
          dropping = 1;
        }
        beginLine(type);
        headAt = at;
        at++;
      }
    }
    if (inLine && type == '$' && dropping == 0) {
      // Not before it is known how long the string is.
      whole = false;
      pass(context, bytes, kept, headAt);
      head.write(ByteBufUtil.getBytes(bytes, headAt, end - headAt), 0, end - headAt);
      kept = end;
      if (head.size() > LONGEST_HEAD) {
        throw corrupted("a length of so many digits: " + head);
      }
    }
    if (whole) {
      context.fireChannelRead(bytes);
    } else if (dropping == 0) {
      pass(context, bytes, kept, end);
    }
    return whole;
  }

  private boolean isTooLong() {
    return !negative
        && digits <= MOST_DIGITS
        && number > longestString
        && number <= Integer.MAX_VALUE;
  }

  private static void pass(ChannelHandlerContext context, ByteBuf bytes, int from, int to) {
    // Lettuce does not release an empty one.
    if (to > from) {
      context.fireChannelRead(bytes.retainedSlice(from, to - from));
    }
  }

  private static byte type(byte letter) {
    return switch (letter) {
      case '+', '-', ':', '$', '*' -> letter;
      default -> throw corrupted("a reply that begins with byte " + letter);
    };
  }

  private void beginLine(byte type) {
    this.type = type;
    inLine = true;
    number = 0;
    digits = 0;
    negative = false;
    feeding = false;
  }

  /** Reads on in a line, to its end if that is there; returns where it got to. */
  private int line(ByteBuf bytes, int from, int end) {
    int at =
        feeding
            ? from
            : type == '+' || type == '-' ? text(bytes, from, end) : number(bytes, from, end);
    if (feeding && at < end) {
      if (bytes.getByte(at) != '\n') {
        throw corrupted("a line that does not end with CR LF");
      }
      inLine = false;
      return at + 1;
    }
    return at;
  }

  private int text(ByteBuf bytes, int from, int end) {
    int behind = bytes.forEachByte(from, end - from, ByteProcessor.FIND_CRLF);
    return behind < 0 ? end : lineBreak(bytes, behind);
  }

  /** A line is over but for its LF. */
  private int lineBreak(ByteBuf bytes, int at) {
    if (bytes.getByte(at) != '\r') {
      throw corrupted("a line that does not end with CR LF");
    }
    feeding = true;
    return at + 1;
  }

  private int number(ByteBuf bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      byte letter = bytes.getByte(at);
      if (letter >= '0' && letter <= '9' && type != END_OF_STRING) {
        number = number * 10 + letter - '0';
        digits++;
      } else if (letter == '-' && digits == 0 && !negative && type != END_OF_STRING) {
        negative = true;
      } else {
        return lineBreak(bytes, at);
      }
    }
    return end;
  }

  /** Returns whether what comes next is kept again. */
  private boolean lineEnds() {
    if (type == END_OF_STRING || type == '+' || type == '-') {
      return elementEnds();
    }
    if (digits == 0) {
      throw corrupted("a number without digits");
    }
    if (type == ':') {
      return elementEnds();
    }
    if (negative ? number != 1 : digits > MOST_DIGITS || number > Integer.MAX_VALUE) {
      throw corrupted("a length of " + (negative ? "-" : "") + number);
    }
    if (negative) {
      return elementEnds();
    }
    if (type == '$') {
      payload = number;
      beginLine(END_OF_STRING);
      return false;
    }
    if (number == 0) {
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

  private static CorruptedFrameException corrupted(String what) {
    return new CorruptedFrameException("the engine sent " + what);
  }
}

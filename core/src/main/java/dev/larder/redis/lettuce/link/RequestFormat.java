package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** Writes commands as RESP2: an array of bulk strings. */
public final class RequestFormat {
  private static final byte[] CRLF = {'\r', '\n'};

  /** The lines of the numbers up to here, so that most need not be made. */
  private static final byte[][] NUMBERS = new byte[1024][];

  static {
    for (int i = 0; i < NUMBERS.length; i++) {
      NUMBERS[i] = line(i);
    }
  }

  private RequestFormat() {}

  /** Writes a whole command. */
  public static void command(ByteBuf to, List<byte[]> words) {
    arity(to, words.size());
    for (int i = 0; i < words.size(); i++) {
      byte[] word = words.get(i);
      word(to, word, 0, word.length);
    }
  }

  /** Begins a command of so many words, which are to follow. */
  public static void arity(ByteBuf to, int words) {
    header(to, '*', words);
  }

  /** Writes a word: so many bytes from a start on. */
  public static void word(ByteBuf to, byte[] bytes, int start, int length) {
    header(to, '$', length);
    to.writeBytes(bytes, start, length);
    to.writeBytes(CRLF);
  }

  private static void header(ByteBuf to, char type, int number) {
    to.writeByte(type);
    to.writeBytes(number < NUMBERS.length ? NUMBERS[number] : line(number));
  }

  private static byte[] line(int number) {
    return (number + "\r\n").getBytes(US_ASCII);
  }
}

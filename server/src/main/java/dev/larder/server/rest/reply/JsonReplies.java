package dev.larder.server.rest.reply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes replies as JSON while they arrive: {@code {"result":…}} or {@code {"error":"…"}} each, in
 * brackets where there are many. With base64, every string but a top-level {@code OK} and the text
 * of errors is encoded. Without it, bytes that are not UTF-8 become U+FFFD, since JSON could not be
 * read with them in it (RFC 8259, section 8.1).
 */
final class JsonReplies extends Replies {
  private static final byte[] RESULT = "{\"result\":".getBytes(UTF_8);
  private static final byte[] ERROR = "{\"error\":\"".getBytes(UTF_8);
  private static final byte[] NULL = "null".getBytes(UTF_8);
  private static final byte[] HEX = "0123456789abcdef".getBytes(UTF_8);

  /** Divisible by three, so that base64 can be put together from pieces. */
  private static final int LARGE = 48 * 1024;

  private static final long LARGEST_EXACT_DOUBLE = 1L << 53;

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final boolean base64;

  /**
   * @param base64 whether strings are encoded
   */
  JsonReplies(boolean base64) {
    this.base64 = base64;
  }

  @Override
  public CharSequence type() {
    return JSON;
  }

  @Override
  public void openList(int size) {
    separate();
    put('[');
  }

  @Override
  public void closeList() {
    put(']');
  }

  @Override
  public void openResult() {
    separate();
    put(RESULT);
  }

  @Override
  public void closeResult() {
    put('}');
  }

  @Override
  public void error(String message) {
    separate();
    put(ERROR);
    escaped(message.getBytes(UTF_8));
    put('"');
    put('}');
  }

  private void nil() {
    separate();
    put(NULL);
  }

  /** An integer; beyond 2^53, where JavaScript would round it, as a string. */
  @Override
  public void integer(long value) {
    byte[] digits = Long.toString(value).getBytes(UTF_8);
    if (value > LARGEST_EXACT_DOUBLE || value < -LARGEST_EXACT_DOUBLE) {
      string(digits, false);
    } else {
      separate();
      put(digits);
    }
  }

  @Override
  public void string(@Nullable ByteBuffer bytes, boolean topLevel) {
    if (bytes == null) {
      nil();
      return;
    }
    // What cannot be written anyway is not copied either.
    int size = bytes.remaining();
    if (!hasRoom(size + 2L)) {
      return;
    }
    if (size > LARGE) {
      large(bytes);
      return;
    }
    var copy = new byte[size];
    bytes.get(copy);
    string(copy, topLevel);
  }

  /** Written piece by piece, so that it is in memory only once. */
  private void large(ByteBuffer bytes) {
    separate();
    put('"');
    if (base64) {
      var piece = new byte[LARGE];
      while (bytes.hasRemaining()) {
        int size = Math.min(piece.length, bytes.remaining());
        bytes.get(piece, 0, size);
        put(Base64.getEncoder().encode(size == piece.length ? piece : Arrays.copyOf(piece, size)));
      }
    } else {
      CharsetDecoder decoder =
          UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .onUnmappableCharacter(CodingErrorAction.REPLACE);
      var text = CharBuffer.allocate(LARGE + 1);
      boolean more = true;
      while (more) {
        more = decoder.decode(bytes, text, true).isOverflow();
        if (!more) {
          decoder.flush(text);
        }
        // A pair of surrogates is never cut: the decoder writes both or none.
        escaped(UTF_8.encode(text.flip()));
        text.clear();
      }
    }
    put('"');
  }

  private void escaped(ByteBuffer bytes) {
    var piece = new byte[bytes.remaining()];
    bytes.get(piece);
    escaped(piece);
  }

  private void string(byte[] bytes, boolean topLevel) {
    separate();
    put('"');
    if (base64 && !(topLevel && bytes.length == 2 && bytes[0] == 'O' && bytes[1] == 'K')) {
      put(Base64.getEncoder().encode(bytes));
    } else {
      escaped(bytes);
    }
    put('"');
  }

  /** A comma, unless nothing of this list or reply came before. */
  private void separate() {
    if (length() > 0) {
      byte last = last();
      if (last != '[' && last != ':') {
        put(',');
      }
    }
  }

  private void escaped(byte[] bytes) {
    int plain = 0;
    while (plain < bytes.length
        && bytes[plain] >= ' '
        && bytes[plain] != '"'
        && bytes[plain] != '\\') {
      plain++;
    }
    if (plain == bytes.length) {
      put(bytes);
      return;
    }
    // Rare, so the text's validity is left to the JDK: it replaces what is not UTF-8.
    byte[] text = new String(bytes, UTF_8).getBytes(UTF_8);
    for (byte letter : text) {
      switch (letter) {
        case '"' -> put('\\', '"');
        case '\\' -> put('\\', '\\');
        case '\n' -> put('\\', 'n');
        case '\r' -> put('\\', 'r');
        case '\t' -> put('\\', 't');
        default -> {
          if (letter >= 0 && letter < ' ') {
            put('\\', 'u');
            put('0', '0');
            put((char) HEX[letter >> 4], (char) HEX[letter & 15]);
          } else {
            put((char) (letter & 0xFF));
          }
        }
      }
    }
  }

  private void put(char first, char second) {
    put(first);
    put(second);
  }
}

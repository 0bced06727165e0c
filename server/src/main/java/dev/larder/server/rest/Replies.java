package dev.larder.server.rest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The form of an answer, written while the replies arrive. */
abstract sealed class Replies permits JsonReplies, Resp2Replies {
  private byte[] out = new byte[256];
  private int length;

  /** The media type of the answer. */
  abstract CharSequence type();

  /** A list of so many elements begins: an array of the engine, or the replies of a pipeline. */
  abstract void openList(int size);

  abstract void closeList();

  /** What comes up to {@link #closeResult} is one whole reply. */
  abstract void openResult();

  abstract void closeResult();

  /** A whole reply that is an error. */
  abstract void error(String message);

  abstract void integer(long value);

  /**
   * A string, a status or nil.
   *
   * @param topLevel whether it is a whole reply, not an element of one
   */
  abstract void string(@Nullable ByteBuffer bytes, boolean topLevel);

  /** What was written, and room behind it. */
  final byte[] bytes() {
    return out;
  }

  /** How many bytes were written. */
  final int length() {
    return length;
  }

  final byte last() {
    return out[length - 1];
  }

  final void put(char letter) {
    room(1);
    out[length++] = (byte) letter;
  }

  final void put(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, out, length, bytes.length);
    length += bytes.length;
  }

  final void put(ByteBuffer bytes) {
    int more = bytes.remaining();
    room(more);
    bytes.get(out, length, more);
    length += more;
  }

  private void room(int more) {
    if (length + more > out.length) {
      out = Arrays.copyOf(out, Math.max(length + more, 2 * out.length));
    }
  }
}

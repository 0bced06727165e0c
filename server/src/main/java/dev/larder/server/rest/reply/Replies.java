package dev.larder.server.rest.reply;

import dev.larder.server.http.HttpFault;
import dev.larder.server.rest.request.BatchKind;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The form of an answer, written while the replies arrive. */
public abstract sealed class Replies permits JsonReplies, Resp2Replies {
  private static final CharSequence ENCODING = HttpHeaders.createOptimized("upstash-encoding");
  private static final CharSequence FORMAT = HttpHeaders.createOptimized("upstash-response-format");

  private byte[] out = new byte[256];
  private int length;

  /**
   * In the form that a request asks for, nothing written yet.
   *
   * @throws HttpFault with status 400, if there is no such form
   */
  public static Replies asked(HttpServerRequest request, BatchKind kind) {
    String encoding = request.headers().get(ENCODING);
    boolean base64 = encoding != null && encoding.equalsIgnoreCase("base64");
    String format = request.headers().get(FORMAT);
    if (format == null) {
      return new JsonReplies(base64);
    }
    if (!format.equalsIgnoreCase("resp2")) {
      throw HttpFault.badRequest(
          "ERR unknown response format '" + format + "': the only one beside JSON is resp2");
    }
    if (base64) {
      throw HttpFault.badRequest("ERR the response format resp2 cannot be encoded in base64");
    }
    if (kind == BatchKind.TRANSACTION) {
      throw HttpFault.badRequest("ERR the response format resp2 is not available for multi-exec");
    }
    return new Resp2Replies();
  }

  /** The media type of the answer. */
  public abstract CharSequence type();

  /** A list of so many elements begins: an array of the engine, or the replies of a pipeline. */
  public abstract void openList(int size);

  /** The innermost list ends. */
  public abstract void closeList();

  /** What comes up to {@link #closeResult} is one whole reply. */
  public abstract void openResult();

  /** The reply ends. */
  public abstract void closeResult();

  /** A whole reply that is an error. */
  public abstract void error(String message);

  /** A number. */
  public abstract void integer(long value);

  /**
   * A string, a status or nil.
   *
   * @param topLevel whether it is a whole reply, not an element of one
   */
  public abstract void string(@Nullable ByteBuffer bytes, boolean topLevel);

  /** What was written, and room behind it. */
  public final byte[] bytes() {
    return out;
  }

  /** How many bytes were written. */
  public final int length() {
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

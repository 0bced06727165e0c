package dev.larder.server.rest.reply;

import dev.larder.server.http.HttpFault;
import dev.larder.server.http.memory.ByteBudget;
import dev.larder.server.http.memory.MemoryLimits;
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

  private static final byte[] NONE = {};

  /** What is small is not worth the counting. */
  private static final int SMALL = 1024;

  private byte[] out = new byte[256];
  private int length;
  private long gathered;
  private int most = Integer.MAX_VALUE - 8;
  private ByteBudget.@Nullable Share share;
  private @Nullable HttpFault refusal;

  /**
   * In the form that a request asks for, nothing written yet.
   *
   * @param limits how much may be written
   * @throws HttpFault with status 400, if there is no such form
   */
  public static Replies asked(HttpServerRequest request, BatchKind kind, MemoryLimits limits) {
    Replies replies = asked(request, kind);
    replies.most = limits.answerBytes();
    replies.share = limits.answers().share();
    return replies;
  }

  private static Replies asked(HttpServerRequest request, BatchKind kind) {
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

  /** Why the answer is too large, or null where it is not; from then on nothing is written. */
  public final @Nullable HttpFault refusal() {
    return refusal;
  }

  /** Forgets what was written, and writes nothing more. */
  public final void drop() {
    most = 0;
    out = NONE;
    length = 0;
    if (share != null) {
      share.giveBack();
    }
  }

  final byte last() {
    return out[length - 1];
  }

  final void put(char letter) {
    if (hasRoom(1)) {
      out[length++] = (byte) letter;
    }
  }

  final void put(byte[] bytes) {
    put(bytes, bytes.length);
  }

  final void put(byte[] bytes, int count) {
    if (hasRoom(count)) {
      System.arraycopy(bytes, 0, out, length, count);
      length += count;
    }
  }

  final void put(ByteBuffer bytes) {
    int more = bytes.remaining();
    if (hasRoom(more)) {
      bytes.get(out, length, more);
      length += more;
    }
  }

  /** Makes room for so many more bytes, or drops the answer. */
  final boolean hasRoom(long more) {
    return length + more <= out.length || grow(length + more);
  }

  private boolean grow(long needed) {
    if (most == 0) {
      return false;
    }
    if (needed > most) {
      refuseTooLarge();
      return false;
    }
    int before = out.length;
    int capacity = (int) Math.min(most, Math.max(needed, 2L * before));
    // For a moment there are both.
    if (share != null && capacity > SMALL && !share.take(capacity)) {
      refuseForNow();
      return false;
    }
    out = Arrays.copyOf(out, capacity);
    if (share != null && before > SMALL) {
      share.giveBack(before);
    }
    return true;
  }

  /**
   * Counts bytes that are kept until they can be written; if there are too many, the answer is
   * dropped.
   */
  public final boolean gathers(int bytes) {
    if (most == 0) {
      return false;
    }
    gathered += bytes;
    if (gathered > most) {
      refuseTooLarge();
    } else if (share != null && !share.take(bytes)) {
      refuseForNow();
    }
    return refusal == null;
  }

  /** A part of it was so long that it was not even read. */
  public final void refuseTooLarge() {
    if (refusal == null && most > 0) {
      refuse(413, "ERR the answer would exceed " + most + " bytes: ask for less at a time");
    }
  }

  private void refuseForNow() {
    refuse(503, "ERR too many bytes of answers wait for their callers: try again");
  }

  private void refuse(int status, String why) {
    refusal = new HttpFault(status, why);
    drop();
  }
}

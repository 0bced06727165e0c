package dev.larder.server.http;

import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;

/**
 * Gathers a request's body up to a limit. What is beyond it is thrown away as it comes, and the
 * fault told at the end: a caller that is still sending would see a broken connection instead of
 * the answer.
 */
public final class Body {
  private static final int FIRST = 1024;
  private static final int TRUSTED_LENGTH = 64 * 1024;
  private static final byte[] NONE = {};

  private final long limit;
  private byte[] data;
  private long received;

  private Body(long limit, int expected) {
    this.limit = limit;
    this.data = expected == 0 ? NONE : new byte[expected];
  }

  /** What is done with a body. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Takes the body.
     *
     * @param data the body and maybe room behind it, the reader's own from here on
     * @param length of the body in bytes
     */
    void read(byte[] data, int length);
  }

  /**
   * Reads the whole body.
   *
   * @param limit the most bytes that are taken
   * @param call is answered with status 413 if there are more
   */
  public static void read(Call call, int limit, Reader then) {
    HttpServerRequest request = call.request();
    long announced = announced(request);
    // Memory is given for what was sent, not for what was announced.
    var body = new Body(limit, announced < 0 ? FIRST : (int) Math.min(announced, TRUSTED_LENGTH));
    request.handler(chunk -> body.add(((BufferInternal) chunk).getByteBuf()));
    call.awaitsBody();
    request.endHandler(
        end -> {
          call.bodyArrived();
          if (body.received > limit) {
            call.fail(
                new HttpFault(
                    413,
                    "ERR max request size exceeded. Limit: "
                        + limit
                        + " bytes, Actual: "
                        + body.received
                        + " bytes"));
          } else {
            then.read(body.data, (int) body.received);
          }
        });
  }

  private void add(ByteBuf chunk) {
    int length = chunk.readableBytes();
    long total = received + length;
    if (total <= limit) {
      if (total > data.length) {
        data = Arrays.copyOf(data, (int) Math.min(limit, Math.max(total, 2L * data.length)));
      }
      chunk.readBytes(data, (int) received, length);
    } else {
      data = NONE;
    }
    received = total;
  }

  private static long announced(HttpServerRequest request) {
    String length = request.headers().get(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}

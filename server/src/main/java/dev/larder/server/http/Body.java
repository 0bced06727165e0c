package dev.larder.server.http;

import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gathers a request's body up to a limit. What is beyond it is thrown away as it comes, and the
 * fault told at the end: a caller that is still sending would see a broken connection instead of
 * the answer.
 */
public final class Body {
  private static final int FIRST = 1024;
  private static final int TRUSTED_LENGTH = 64 * 1024;
  private static final byte[] NONE = {};

  // Ten thousand callers who send ten megabytes each, slowly, must not take all memory there is.
  private static final long MOST_ARRIVING = Runtime.getRuntime().maxMemory() / 8;
  private static final AtomicLong ARRIVING = new AtomicLong();

  private final long limit;
  private final long roof;
  private byte[] data = NONE;
  private long received;
  private long counted;
  private boolean crowdedOut;

  private Body(long limit, long announced) {
    this.limit = limit;
    this.roof = announced < 0 ? limit : Math.min(limit, announced);
    // Memory is given for what was sent, not for what was announced.
    grow(announced < 0 ? FIRST : (int) Math.min(announced, TRUSTED_LENGTH));
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
    var body = new Body(limit, announced(request));
    request.handler(chunk -> body.add(((BufferInternal) chunk).getByteBuf()));
    call.awaitsBody();
    request.exceptionHandler(gone -> body.uncount());
    request.endHandler(
        end -> {
          call.bodyArrived();
          body.uncount();
          if (body.crowdedOut) {
            call.fail(
                new HttpFault(
                    503,
                    "ERR too many bytes of requests are arriving at a time, nothing was executed:"
                        + " try again"));
          } else if (body.received > limit) {
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
    if (total > limit) {
      drop();
    } else if (total > data.length && !crowdedOut) {
      grow((int) Math.max(total, Math.min(roof, 2L * data.length)));
    }
    if (total <= data.length) {
      chunk.readBytes(data, (int) received, length);
    }
    received = total;
  }

  private void grow(int capacity) {
    // What is small is not worth the counting.
    if (capacity > FIRST) {
      long arriving = ARRIVING.addAndGet(capacity - counted);
      counted = capacity;
      // One that comes alone is taken, however large it may be.
      if (arriving > MOST_ARRIVING && arriving > capacity) {
        crowdedOut = true;
        drop();
        return;
      }
    }
    data = Arrays.copyOf(data, capacity);
  }

  private void drop() {
    data = NONE;
    uncount();
  }

  private void uncount() {
    if (counted > 0) {
      ARRIVING.addAndGet(-counted);
      counted = 0;
    }
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

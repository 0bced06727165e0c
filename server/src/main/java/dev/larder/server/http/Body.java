package dev.larder.server.http;

import dev.larder.server.http.memory.ByteBudget;
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
  private final long roof;
  private byte[] data = NONE;
  private long received;
  private final ByteBudget.Share share;
  private int counted;
  private boolean crowdedOut;

  private Body(long limit, long announced, ByteBudget budget) {
    this.limit = limit;
    this.share = budget.share();
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
     * @param share what it takes of the budget, the reader's own from here on
     */
    void read(byte[] data, int length, ByteBudget.Share share);
  }

  /**
   * Reads the whole body.
   *
   * @param limit the most bytes that are taken
   * @param budget of all requests; the body has its share of it while it arrives
   * @param call is answered with status 413 if there are more
   */
  public static void read(Call call, int limit, ByteBudget budget, Reader then) {
    HttpServerRequest request = call.request();
    var body = new Body(limit, announced(request), budget);
    request.handler(chunk -> body.add(((BufferInternal) chunk).getByteBuf()));
    call.awaitsBody();
    request.exceptionHandler(gone -> body.uncount());
    request.endHandler(
        end -> {
          call.bodyArrived();
          if (body.crowdedOut) {
            call.fail(HttpFault.noRoom(budget));
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
            then.read(body.data, (int) body.received, body.share.handOn());
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
      // For a moment there are both, the old and the new.
      if (!share.take(capacity)) {
        crowdedOut = true;
        drop();
        return;
      }
    }
    data = Arrays.copyOf(data, capacity);
    share.giveBack(counted);
    counted = capacity > FIRST ? capacity : 0;
  }

  private void drop() {
    data = NONE;
    uncount();
  }

  private void uncount() {
    share.giveBack();
    counted = 0;
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

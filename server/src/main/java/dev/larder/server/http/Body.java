package dev.larder.server.http;

import dev.larder.server.http.memory.ByteBudget;
import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;

/**
 * Gathers a request's body up to a limit. One that is longer is refused as soon as that is known:
 * by its announced length, else when the limit is passed.
 */
public final class Body {
  private static final int FIRST = 1024;
  private static final int TRUSTED_LENGTH = 64 * 1024;
  private static final byte[] NONE = {};

  private final Call call;
  private final long limit;
  private final long roof;
  private final int first;
  private final ByteBudget budget;
  private final ByteBudget.Share share;
  private byte[] data = NONE;
  private long received;
  private int counted;

  private Body(Call call, long limit, long announced, ByteBudget budget) {
    this.call = call;
    this.limit = limit;
    this.budget = budget;
    this.share = budget.share();
    this.roof = announced < 0 ? limit : announced;
    // Memory is given for what was sent, not for what was announced.
    this.first = announced < 0 ? FIRST : (int) Math.min(announced, TRUSTED_LENGTH);
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
   * @param call is answered with status 413 if there are more, and its caller not listened to
   */
  public static void read(Call call, int limit, ByteBudget budget, Reader then) {
    HttpServerRequest request = call.request();
    long announced = announced(request);
    if (announced > limit) {
      call.failForGood(tooLong(limit, Long.toString(announced)));
      return;
    }
    var body = new Body(call, limit, announced, budget);
    call.awaitsBody();
    request.handler(chunk -> body.add(((BufferInternal) chunk).getByteBuf()));
    request.exceptionHandler(gone -> body.drop());
    request.endHandler(
        end -> {
          call.bodyArrived();
          if (!call.over()) {
            then.read(body.data, (int) body.received, body.share.handOn());
          }
        });
  }

  private static HttpFault tooLong(long limit, String actual) {
    return new HttpFault(
        413,
        "ERR max request size exceeded. Limit: " + limit + " bytes, Actual: " + actual + " bytes");
  }

  private void add(ByteBuf chunk) {
    int length = chunk.readableBytes();
    long total = received + length;
    if (call.over()) {
      drop();
    } else if (total > limit) {
      drop();
      call.failForGood(tooLong(limit, "more than " + limit));
    } else if (total <= data.length
        || grow((int) Math.max(total, Math.min(roof, Math.max(first, 2L * data.length))))) {
      chunk.readBytes(data, (int) received, length);
      received = total;
    } else {
      drop();
      call.failForGood(HttpFault.noRoom(budget));
    }
  }

  private boolean grow(int capacity) {
    // What is small is not worth the counting; for a moment there are both, the old and the new.
    if (capacity > FIRST && !share.take(capacity)) {
      return false;
    }
    data = Arrays.copyOf(data, capacity);
    share.giveBack(counted);
    counted = capacity > FIRST ? capacity : 0;
    return true;
  }

  private void drop() {
    data = NONE;
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

package dev.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.memory.ByteBudget;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * A stream of server-sent events (HTML Living Standard, section 9.2) to one caller. One who takes
 * nothing for {@value #HEARTBEAT_MILLIS} ms, or is too far behind, is cut off: he costs no more
 * memory than that.
 */
public final class EventStream {
  private static final byte[] DATA = "data: ".getBytes(UTF_8);
  private static final Buffer HEARTBEAT = Buffer.buffer(": heartbeat\n\n");
  private static final int MOST_BYTES_WAITING = 16 * 1024 * 1024;
  private static final long HEARTBEAT_MILLIS = 15_000;

  private final Call call;
  private final ByteBudget.Share share;
  private final HttpServerResponse response;
  private final Vertx vertx;
  private final long heartbeat;
  private final Runnable whenOver;
  private long written;
  private long taken;
  private long takenBefore;
  private boolean begun;
  private boolean over;

  /**
   * A stream that has not begun: until then its caller can still be told that there is none.
   *
   * @param budget of all answers; what waits for the caller has its share of it
   * @param whenOver is run once, when the caller is gone or was cut off, or the stream was ended
   */
  public EventStream(Vertx vertx, Call call, ByteBudget budget, Runnable whenOver) {
    this.vertx = vertx;
    this.share = budget.share();
    this.call = call;
    this.whenOver = whenOver;
    this.response = call.request().response();
    this.heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> heartbeat());
  }

  /** Notices from now on that the caller leaves, and at once if he has left already. */
  public void watch() {
    response.closeHandler(closed -> finish());
    response.exceptionHandler(fault -> finish());
    if (response.closed()) {
      finish();
    }
  }

  /** Begins, so that the caller sees the stream stand before the first event comes. */
  public void begin() {
    if (!over && !begun) {
      begun = true;
      call.begin(200, "text/event-stream").setChunked(true).writeHead();
    }
  }

  /**
   * Sends one event. A part with a line break in it, which would begin a new line of the stream,
   * goes as a JSON string: the SDK takes each line for an event of its own, so that one message
   * could pretend to be another.
   */
  public void send(byte[]... parts) {
    Buffer event = Buffer.buffer(64);
    event.appendBytes(DATA);
    for (byte[] part : parts) {
      event.appendBytes(onOneLine(part));
    }
    write(event.appendString("\n\n"));
  }

  private static byte[] onOneLine(byte[] part) {
    for (byte letter : part) {
      if (letter == '\n' || letter == '\r') {
        return Json.bytes(new String(part, UTF_8));
      }
    }
    return part;
  }

  private void write(Buffer event) {
    if (over || !begun) {
      return;
    }
    long waiting = written - taken;
    // One event alone is sent, however large it may be, if there is memory for it.
    int length = event.length();
    if ((waiting > 0 && waiting + length > MOST_BYTES_WAITING) || !share.take(length)) {
      cutOff();
      return;
    }
    written += length;
    response
        .write(event)
        .onComplete(
            sent -> {
              taken += length;
              share.giveBack(length);
              if (sent.failed()) {
                cutOff();
              }
            });
  }

  private void heartbeat() {
    if (taken < written && taken == takenBefore) {
      cutOff();
      return;
    }
    takenBefore = taken;
    write(HEARTBEAT);
  }

  private void cutOff() {
    if (over) {
      return;
    }
    call.request().connection().close();
    finish();
  }

  /** Ends the stream; if it has not begun, with an error. */
  public void fail(HttpFault why) {
    if (over) {
      return;
    }
    if (begun) {
      response.end();
      finish();
    } else {
      over = true;
      vertx.cancelTimer(heartbeat);
      call.fail(why);
      whenOver.run();
    }
  }

  /** Ends the stream from this side. */
  public void end() {
    fail(new HttpFault(503, "ERR the node is stopping: try again"));
  }

  private void finish() {
    if (!over) {
      over = true;
      vertx.cancelTimer(heartbeat);
      call.finished(200, written);
      whenOver.run();
    }
  }
}

package dev.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * A stream of server-sent events (HTML Living Standard, section 9.2) to one caller. One who does
 * not read is cut off when so many bytes wait for him, so that he costs no more memory than that.
 */
public final class EventStream {
  private static final byte[] DATA = "data: ".getBytes(UTF_8);
  private static final Buffer HEARTBEAT = Buffer.buffer(": heartbeat\n\n");
  private static final int MOST_BYTES_WAITING = 1024 * 1024;
  private static final long HEARTBEAT_MILLIS = 15_000;

  private final Call call;
  private final HttpServerResponse response;
  private final Vertx vertx;
  private final long heartbeat;
  private final Runnable whenOver;
  private long written;
  private boolean over;

  /**
   * Begins the stream.
   *
   * @param whenOver is run once, when the caller is gone or was cut off, or the stream was ended
   */
  public EventStream(Vertx vertx, Call call, Runnable whenOver) {
    this.vertx = vertx;
    this.call = call;
    this.whenOver = whenOver;
    this.response = call.begin(200, "text/event-stream");
    response.setChunked(true).setWriteQueueMaxSize(MOST_BYTES_WAITING);
    // Its caller sees that the stream stands before the first event comes.
    response.writeHead();
    response.closeHandler(closed -> finish());
    response.exceptionHandler(fault -> finish());
    heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> write(HEARTBEAT));
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
    if (over) {
      return;
    }
    if (response.writeQueueFull()) {
      call.request().connection().close();
      finish();
      return;
    }
    written += event.length();
    response.write(event);
  }

  /** Ends the stream from this side. */
  public void end() {
    if (!over) {
      response.end();
      finish();
    }
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

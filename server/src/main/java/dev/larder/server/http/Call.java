package dev.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.framing.RequestFraming;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a door: it is answered once, and counted and logged as it is. A
 * second answer, such as the late reply to a request whose time was up, is dropped.
 */
public final class Call {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final CharSequence CACHE_CONTROL = HttpHeaders.createOptimized("cache-control");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");

  /** Those that doors take, as headers list them. */
  static final String METHODS = "GET, HEAD, POST, PUT";

  private static final String PROCESS = HexFormat.of().toHexDigits(new SecureRandom().nextInt());
  private static final AtomicLong COUNT = new AtomicLong();

  /** To one who sends on behind its answer (RFC 9113, section 8.1). */
  private static final long NO_ERROR = 0;

  private static final Pattern HARMLESS_ID = Pattern.compile("[A-Za-z0-9._:=/+-]{1,64}");

  private final HttpServerRequest request;
  private final String door;
  private final Metrics metrics;
  private final AccessLog log;
  private final long started = System.nanoTime();
  private final String id;
  private final @Nullable ConnectionWatch watch;
  private String family = "none";
  private boolean answered;
  private boolean awaitsBody;
  private long bodyAwaitedSince;
  private boolean expectsContinue;
  private boolean last;

  /**
   * Begins with the request's last header.
   *
   * @param door the door's name in metrics and in the access log
   */
  public Call(HttpServerRequest request, String door, Metrics metrics, AccessLog log) {
    this.request = request;
    this.door = door;
    this.metrics = metrics;
    this.log = log;
    this.id = idOf(request);
    this.watch = ConnectionWatch.of(request.connection());
    this.expectsContinue =
        request.version() != HttpVersion.HTTP_1_0
            && request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true);
    if (watch != null) {
      watch.began(this);
    }
  }

  /** The request itself. */
  public HttpServerRequest request() {
    return request;
  }

  /** Names the request for metrics and the access log: a family of commands, never a key. */
  public void family(String name) {
    this.family = name;
  }

  /** The request's id: its caller's own {@code X-Request-Id}, if that is harmless, or a new one. */
  public String id() {
    return id;
  }

  /** Whether nothing more can be said: it is answered, or its caller is gone. */
  public boolean over() {
    return answered || request.response().closed();
  }

  /** Whether its caller is gone. */
  boolean gone() {
    return request.response().closed();
  }

  /** Until {@link #bodyArrived}, the request's body is waited for, though not for ever. */
  void awaitsBody() {
    if (expectsContinue) {
      expectsContinue = false;
      var unused = request.response().writeContinue();
    }
    awaitsBody = true;
    bodyAwaitedSince = System.nanoTime();
  }

  void bodyArrived() {
    awaitsBody = false;
  }

  boolean awaitsBodyLongerThan(Duration limit, long now) {
    return awaitsBody && now - bodyAwaitedSince > limit.toNanos();
  }

  /** Answers with JSON. */
  public void json(int status, byte[] body, int length) {
    answer(status, JSON, body, length);
  }

  /** Answers with {@code {"error":…}} and says why it failed. */
  public void fail(HttpFault fault) {
    byte[] body = Json.error(fault.sentence());
    json(fault.status(), body, body.length);
  }

  /** A fault of its method, with those that are taken told in a header of the answer. */
  public HttpFault methodNotAllowed() {
    request.response().putHeader("allow", METHODS);
    return new HttpFault(
        405, "ERR method " + request.method() + " is not allowed: use GET, HEAD, POST or PUT");
  }

  /**
   * As {@link #fail}, where its caller may still be sending what is not wanted: nothing more of it
   * is taken. With HTTP/1 the connection is closed, for its next request would stand behind that.
   */
  public void failForGood(HttpFault fault) {
    if (request.version() == HttpVersion.HTTP_2) {
      fail(fault);
      var unused = request.response().reset(NO_ERROR);
    } else {
      last = true;
      fail(fault);
    }
  }

  /** Answers with text. */
  public void text(int status, CharSequence type, String body) {
    byte[] bytes = body.getBytes(UTF_8);
    answer(status, type, bytes, bytes.length);
  }

  /**
   * Answers with a body of whatever type, if it is the first answer.
   *
   * @param body the body, and maybe room behind it
   * @param length of the body in bytes
   */
  public void answer(int status, CharSequence type, byte[] body, int length) {
    answer(status, type, body, length, () -> {});
  }

  /**
   * Answers with a body of whatever type, if it is the first answer.
   *
   * @param body the body, and maybe room behind it
   * @param length of the body in bytes
   * @param whenGone is run when the body is not needed any more: its caller has it, or never will
   */
  public void answer(int status, CharSequence type, byte[] body, int length, Runnable whenGone) {
    if (answered) {
      whenGone.run();
      return;
    }
    HttpServerResponse response = begin(status, type);
    if (response.closed()) {
      whenGone.run();
    } else if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(length)).end();
      whenGone.run();
    } else {
      Buffer sent = BufferInternal.buffer(Unpooled.wrappedBuffer(body, 0, length));
      ConnectionWatch.Untaken answer = watch == null ? null : watch.answering();
      response
          .end(sent)
          .onComplete(
              written -> {
                whenGone.run();
                if (watch != null && answer != null) {
                  watch.taken(answer);
                }
              });
    }
    finished(status, length);
  }

  /**
   * Begins an answer that goes on for long, such as a stream of events; {@link #finished} ends it
   * in metrics and log.
   */
  public HttpServerResponse begin(int status, CharSequence type) {
    answered = true;
    HttpServerResponse response = request.response();
    if (last || (expectsContinue && request.version() != HttpVersion.HTTP_2)) {
      // Whoever was not told to send the body may or may not send it (RFC 9110, section 10.1.1).
      last = true;
      RequestFraming.deafen(request.connection());
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    response.setStatusCode(status);
    response
        .headers()
        .set(HttpHeaders.CONTENT_TYPE, type)
        .set(CACHE_CONTROL, NO_STORE)
        .set(REQUEST_ID, id);
    return response;
  }

  /** Counts and logs the call as ended. */
  public void finished(int status, long length) {
    long nanos = System.nanoTime() - started;
    metrics.requests(door, family).record(nanos, TimeUnit.NANOSECONDS);
    if (status >= 400) {
      metrics.error(status);
    }
    if (watch != null) {
      watch.ended(this);
    }
    if (last) {
      request.connection().close();
    }
    log.answered(request, door, family, status, length, nanos, id);
  }

  private static String idOf(HttpServerRequest request) {
    String given = request.headers().get(REQUEST_ID);
    return given != null && HARMLESS_ID.matcher(given).matches()
        ? given
        : PROCESS + '-' + Long.toString(COUNT.incrementAndGet(), 36);
  }
}

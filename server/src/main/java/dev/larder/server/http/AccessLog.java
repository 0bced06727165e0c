package dev.larder.server.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line for each answer: who asked, by which method, at which door, for what family of commands,
 * and how it went. It never shows a path, since keys, values and tokens stand in paths.
 */
public final class AccessLog {
  private static final Logger log = LoggerFactory.getLogger("larder.access");

  private final boolean on;

  /**
   * A log that may be off.
   *
   * @param on whether lines are written at all
   */
  public AccessLog(boolean on) {
    this.on = on;
  }

  void answered(
      HttpServerRequest request,
      String door,
      String family,
      int status,
      long bytes,
      long nanos,
      String id) {
    if (on) {
      SocketAddress remote = request.remoteAddress();
      log.info(
          "{} {} {} {} {} {} bytes {} us {}",
          remote == null ? "-" : remote.hostAddress(),
          request.method(),
          door,
          family,
          status,
          bytes,
          nanos / 1000,
          id);
    }
  }
}

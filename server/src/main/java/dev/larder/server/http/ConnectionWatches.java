package dev.larder.server.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of one event loop: how many there may be, and how long each may keep the node
 * waiting.
 */
public final class ConnectionWatches {
  private static final long CHECK_MILLIS = 500;

  private final Set<ConnectionWatch> watches = new HashSet<>();
  private final HttpLimits limits;
  private final Metrics metrics;
  private final AtomicInteger open;

  /**
   * Watches the connections that it is told of.
   *
   * @param metrics counts the connections of the whole node, and what is refused
   */
  public ConnectionWatches(Vertx vertx, HttpLimits limits, Metrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
    this.open = metrics.connections();
    vertx.setPeriodic(CHECK_MILLIS, timer -> check());
  }

  /** Takes a new connection in, or closes it where there are too many. */
  public void accept(HttpConnection connection) {
    if (open.incrementAndGet() > limits.connections()) {
      open.decrementAndGet();
      connection.close();
      return;
    }
    var holder = new ConnectionWatch[1];
    holder[0] =
        ConnectionWatch.on(
            connection,
            limits,
            this::refused,
            () -> {
              open.decrementAndGet();
              watches.remove(holder[0]);
            });
    watches.add(holder[0]);
  }

  private byte[] refused(int status, String sentence) {
    metrics.error(status);
    return Json.error(sentence);
  }

  private void check() {
    long now = System.nanoTime();
    // One that is closed leaves the set while it is walked.
    for (ConnectionWatch watch : List.copyOf(watches)) {
      watch.check(now, limits);
    }
  }
}

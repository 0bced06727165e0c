package dev.larder.server.rest.engine;

import dev.larder.redis.lettuce.link.EngineConnection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the connections to the engine that stand.
 *
 * @param connections counted up and down as they come and go
 */
public record ConnectionCount(AtomicInteger connections) implements EngineConnection.Listener {
  @Override
  public void connected() {
    connections.incrementAndGet();
  }

  @Override
  public void disconnected() {
    connections.decrementAndGet();
  }
}

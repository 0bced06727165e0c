package dev.larder.redis.lettuce;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.testkit.RedisProcess;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps a connection's loop from its next turn, by a stage that waits, which nobody else may do.
 */
final class HeldLoop implements AutoCloseable {
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  private HeldLoop() {}

  /** Returns once it is held. */
  static HeldLoop of(Redis redis, RedisProcess engine) {
    HeldLoop loop = new HeldLoop();
    // Paused, so that the reply does not come before somebody waits for it.
    engine.pause();
    var unused = redis.send(Command.of("PING")).thenRun(loop::hold);
    engine.resume();
    await(loop.held);
    return loop;
  }

  private void hold() {
    held.countDown();
    await(released);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(90, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    released.countDown();
  }
}

package dev.larder.testwatch;

import static java.util.concurrent.TimeUnit.DAYS;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A class out of the reach of JUnit's timeouts that never ends. Run by the profile {@code hang}
 * only.
 */
@Tag("hang")
class HangsInInitializer {
  static final boolean READY = waitForEver();

  @Test
  void isNeverReached() {}

  private static boolean waitForEver() {
    try {
      return new CountDownLatch(1).await(1, DAYS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

package dev.larder.testwatch;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Methods within the reach of JUnit's timeouts that never end. Run by the profile {@code hang}
 * only.
 */
@Tag("hang")
class HangsInMethods {
  @Test
  void waitsWhateverInterruptsIt() {
    while (true) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        // What a careless test does.
      }
    }
  }

  @AfterEach
  void waitsAfterwards() throws InterruptedException {
    new CountDownLatch(1).await();
  }
}

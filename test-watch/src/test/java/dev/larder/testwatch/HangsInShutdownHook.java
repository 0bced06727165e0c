package dev.larder.testwatch;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A JVM that never exits after its tests. Run by the profile {@code hang} only. */
@Tag("hang")
class HangsInShutdownHook {
  @Test
  void leavesAHook() {
    Runtime.getRuntime().addShutdownHook(new Thread(HangsInShutdownHook::waitForEver));
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}

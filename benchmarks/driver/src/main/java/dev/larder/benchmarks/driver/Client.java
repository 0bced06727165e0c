package dev.larder.benchmarks.driver;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What is measured. */
@FunctionalInterface
public interface Client {
  /**
   * Sends a GET without waiting for its reply.
   *
   * @param answer gets the value, or else the fault, once and not before this method has returned
   *     (a long row of calls, each made by the answer to the one before, must not become a deep
   *     stack)
   */
  void get(byte[] key, BiConsumer<byte @Nullable [], @Nullable Throwable> answer);
}

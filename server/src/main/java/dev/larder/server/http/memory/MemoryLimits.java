package dev.larder.server.http.memory;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * How much memory requests and answers may take.
 *
 * @param answerBytes the longest answer
 * @param requests that arrive, or wait for the engine
 * @param answers that are being written, or wait for their callers to take them
 */
public record MemoryLimits(int answerBytes, ByteBudget requests, ByteBudget answers) {
  private static final long HEAP = Runtime.getRuntime().maxMemory();

  /** What one answer may have of the heap: it is copied as it grows, and again as it is sent. */
  private static final long DEFAULT_ANSWER_BYTES = Math.min(64L << 20, HEAP / 16);

  private static final long LEAST_UNREAD_BYTES = 256L << 20;

  /** What the node itself takes of the heap, with room to tidy up in. */
  private static final long OWN_BYTES = 32L << 20;

  private static final long DEFAULT_BUDGET = Math.max(HEAP / 8, (HEAP - OWN_BYTES) / 4);

  /** Refuses an answer that could never be sent. */
  public MemoryLimits {
    if (answerBytes < 1) {
      throw new IllegalArgumentException("answer-bytes must be at least 1, was " + answerBytes);
    }
  }

  /** The longest answer, unless said: 64 MB, or a sixteenth of a heap that is smaller than 1 GB. */
  public static int defaultAnswerBytes() {
    return (int) DEFAULT_ANSWER_BYTES;
  }

  /**
   * What all requests, and what all answers, may take together, unless said: a quarter each of what
   * the heap has beyond the first 32 MB.
   */
  public static long defaultBudget() {
    return DEFAULT_BUDGET;
  }

  /**
   * How many bytes of replies the node's own engine may keep until they are read. One command, such
   * as MGET, can ask for more than any answer may have, and the engine has put that together before
   * a byte of it is read here.
   */
  public long unreadBytes() {
    return Math.max(LEAST_UNREAD_BYTES, 4L * answerBytes);
  }

  /** Tells how much of each is taken. */
  public void bindTo(MeterRegistry registry) {
    gauge(registry, "larder.request.bytes", requests, "Bytes of requests that the node holds");
    gauge(registry, "larder.answer.bytes", answers, "Bytes of answers that the node holds");
  }

  private static void gauge(
      MeterRegistry registry, String name, ByteBudget budget, String description) {
    Gauge.builder(name, budget, ByteBudget::taken).description(description).register(registry);
    Gauge.builder(name + ".most", budget, ByteBudget::most)
        .description(description + " at most")
        .register(registry);
  }
}

package dev.larder.server.rest;

import java.time.Duration;

/**
 * What one request may ask for.
 *
 * @param requestBytes the longest body
 * @param pipelineCommands the most commands in a pipeline or transaction
 * @param waitingBytes of requests that may wait for the engine at a time
 * @param budget how long the engine may take to answer
 */
public record RestLimits(
    int requestBytes, int pipelineCommands, long waitingBytes, Duration budget) {
  /** Refuses limits that would let nothing through. */
  public RestLimits {
    positive("requestBytes", requestBytes);
    positive("pipelineCommands", pipelineCommands);
    positive("waitingBytes", waitingBytes);
    positive("budget", budget.toMillis());
  }

  private static void positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }
}

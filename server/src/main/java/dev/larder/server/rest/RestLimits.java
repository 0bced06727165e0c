package dev.larder.server.rest;

import dev.larder.server.rest.engine.EngineLimits;

/**
 * What one request may ask for.
 *
 * @param requestBytes the longest body
 * @param pipelineCommands the most commands in a pipeline or transaction
 * @param engine how much may be asked of the engine
 */
public record RestLimits(int requestBytes, int pipelineCommands, EngineLimits engine) {
  /** Refuses limits that would let nothing through. */
  public RestLimits {
    positive("requestBytes", requestBytes);
    positive("pipelineCommands", pipelineCommands);
  }

  private static void positive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, was " + value);
    }
  }
}

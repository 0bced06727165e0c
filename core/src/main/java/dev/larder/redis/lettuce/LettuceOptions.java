package dev.larder.redis.lettuce;

import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.Optional;

/** What may be chosen about a connection. Every default is safe. */
public final class LettuceOptions {
  private Duration budget = Duration.ofSeconds(2);
  private Duration connectTimeout = Duration.ofSeconds(2);
  private int queueSize = 65_536;
  private Optional<ClientResources> resources = Optional.empty();

  /** The defaults. */
  public LettuceOptions() {}

  /**
   * How long a command may take, from being sent to its answer. 2 s unless said. Kept to within 0.1
   * s.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public LettuceOptions budget(Duration budget) {
    this.budget = positive("budget", budget);
    return this;
  }

  /**
   * How long opening a connection may take. 2 s unless said.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public LettuceOptions connectTimeout(Duration connectTimeout) {
    this.connectTimeout = positive("connectTimeout", connectTimeout);
    return this;
  }

  /**
   * How many commands may wait for an answer on one connection; further ones are refused as not
   * sent. 65,536 unless said.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public LettuceOptions queueSize(int queueSize) {
    if (queueSize < 1) {
      throw new IllegalArgumentException("queueSize must be at least 1, was " + queueSize);
    }
    this.queueSize = queueSize;
    return this;
  }

  /**
   * Threads and timers to share; they are not shut down with the connection. Own ones unless said.
   */
  public LettuceOptions resources(ClientResources resources) {
    this.resources = Optional.of(resources);
    return this;
  }

  Duration budget() {
    return budget;
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  int queueSize() {
    return queueSize;
  }

  Optional<ClientResources> resources() {
    return resources;
  }

  private static Duration positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, was " + value);
    }
    return value;
  }
}

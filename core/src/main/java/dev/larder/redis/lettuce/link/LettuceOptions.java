package dev.larder.redis.lettuce.link;

import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What may be chosen about a connection. Every default is safe.
 *
 * @param budget how long a call may take, unless {@code within} says otherwise
 * @param connectTimeout how long opening a connection may take
 * @param queueSize how many calls may wait for an answer on one connection; further ones are
 *     refused as not sent
 * @param longestString the longest string that is taken from the engine, in bytes
 * @param resources threads and timers to share, which are not shut down with the connection
 */
public record LettuceOptions(
    Duration budget,
    Duration connectTimeout,
    int queueSize,
    int longestString,
    Optional<ClientResources> resources) {

  private static final Duration SHORTEST_BUDGET = Duration.ofMillis(5);
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * Refuses what makes no sense.
   *
   * @throws IllegalArgumentException that names it
   */
  public LettuceOptions {
    checkBudget(budget);
    check("connectTimeout", connectTimeout, Duration.ofMillis(1));
    if (queueSize < 1) {
      throw new IllegalArgumentException("queueSize must be at least 1, was " + queueSize);
    }
    if (longestString < 1) {
      throw new IllegalArgumentException("longestString must be at least 1, was " + longestString);
    }
  }

  /** The defaults, and what {@code choice} makes of them. */
  public static LettuceOptions of(Consumer<Builder> choice) {
    Builder builder = new Builder();
    choice.accept(builder);
    return new LettuceOptions(
        builder.budget,
        builder.connectTimeout,
        builder.queueSize,
        builder.longestString,
        builder.resources);
  }

  /** Refuses a budget that cannot be kept, as {@link Builder#budget} does. */
  public static void checkBudget(Duration budget) {
    check("budget", budget, SHORTEST_BUDGET);
  }

  private static void check(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          name + " must be from " + least + " to " + LONGEST + ", was " + value);
    }
  }

  /** Collects the choices. */
  public static final class Builder {
    private Duration budget = Duration.ofSeconds(2);
    private Duration connectTimeout = Duration.ofSeconds(2);
    private int queueSize = 65_536;
    private int longestString = Integer.MAX_VALUE;
    private Optional<ClientResources> resources = Optional.empty();

    private Builder() {}

    /**
     * How long a call may take, from {@code send} to its answer: at least 5 ms, 2 s unless said.
     */
    public Builder budget(Duration budget) {
      this.budget = budget;
      return this;
    }

    /** How long opening a connection may take. 2 s unless said. */
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = connectTimeout;
      return this;
    }

    /**
     * How many calls may wait for an answer on one connection; further ones are refused as not
     * sent. 65,536 unless said.
     */
    public Builder queueSize(int queueSize) {
      this.queueSize = queueSize;
      return this;
    }

    /**
     * The longest string that is taken from the engine, in bytes: a longer one is answered with an
     * error in its place, and its bytes are dropped as they come. Without limit unless said, for
     * Redis itself has one, 512 MB.
     */
    public Builder longestString(int longestString) {
      this.longestString = longestString;
      return this;
    }

    /**
     * Threads and timers to share; they are not shut down with the connection. Own ones unless
     * said.
     */
    public Builder resources(ClientResources resources) {
      this.resources = Optional.of(resources);
      return this;
    }
  }
}

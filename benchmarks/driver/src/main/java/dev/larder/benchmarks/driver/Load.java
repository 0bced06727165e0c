package dev.larder.benchmarks.driver;

import java.util.Locale;

/**
 * How calls are made.
 *
 * @param kind what makes the next call
 * @param amount calls in flight, or calls a second
 */
public record Load(Kind kind, int amount) {
  /** What makes the next call. */
  public enum Kind {
    /** The answer to an earlier one: so many are always in flight. */
    CLOSED,
    /** The clock: so many arrive a second, whether or not the earlier ones are answered. */
    OPEN
  }

  /** Refuses a load that is none. */
  public Load {
    if (amount < 1) {
      throw new IllegalArgumentException("amount must be at least 1, was " + amount);
    }
  }

  /** So many calls in flight, each answer making the next call. */
  public static Load closed(int inFlight) {
    return new Load(Kind.CLOSED, inFlight);
  }

  /** So many calls a second, at random times. */
  public static Load open(int perSecond) {
    return new Load(Kind.OPEN, perSecond);
  }

  /** Reads what {@link #toString} wrote. */
  static Load parse(String kind, String amount) {
    return new Load(Kind.valueOf(kind.toUpperCase(Locale.ROOT)), Integer.parseInt(amount));
  }

  /** Such as {@code closed 16}: so it stands in the line that asks for it. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + " " + amount;
  }
}

package dev.larder.redis.engine;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of an engine, such as 7.0.15. */
public record Version(int major, int minor, int patch) implements Comparable<Version> {
  /** Of an engine that does not tell it: older than any other. */
  public static final Version UNKNOWN = new Version(0, 0, 0);

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,9})\\.(\\d{1,9})(?:\\.(\\d{1,9}))?(?:[-+.].*)?");
  private static final Comparator<Version> ORDER =
      Comparator.comparingInt(Version::major)
          .thenComparingInt(Version::minor)
          .thenComparingInt(Version::patch);

  /** Refuses negative parts. */
  public Version {
    if (major < 0 || minor < 0 || patch < 0) {
      throw new IllegalArgumentException(
          "a version's parts are not negative, was " + major + '.' + minor + '.' + patch);
    }
  }

  /**
   * Reads {@code 7.0.15}; a missing patch is 0, and a suffix such as {@code -rc1} is left out of
   * account.
   *
   * @throws IllegalArgumentException if it is nothing of the kind
   */
  public static Version parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("a version looks like 7.0.15, was \"" + text + '"');
    }
    String patch = matcher.group(3);
    return new Version(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        patch == null ? 0 : Integer.parseInt(patch));
  }

  /** Whether this version is the given one or newer. */
  public boolean atLeast(int major, int minor) {
    return compareTo(new Version(major, minor, 0)) >= 0;
  }

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return equals(UNKNOWN) ? "unknown" : major + "." + minor + '.' + patch;
  }
}

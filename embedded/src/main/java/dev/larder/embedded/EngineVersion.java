package dev.larder.embedded;

import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * An engine's version, compared by its numbers.
 *
 * @param major such as 7 of 7.0.15
 * @param minor such as 0 of 7.0.15
 * @param patch such as 15 of 7.0.15
 */
public record EngineVersion(int major, int minor, int patch) implements Comparable<EngineVersion> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");
  private static final Comparator<EngineVersion> ORDER =
      Comparator.comparingInt(EngineVersion::major)
          .thenComparingInt(EngineVersion::minor)
          .thenComparingInt(EngineVersion::patch);

  /** Refuses negative numbers. */
  public EngineVersion {
    if (major < 0 || minor < 0 || patch < 0) {
      throw new IllegalArgumentException(
          "a version has no negative numbers, was " + major + "." + minor + "." + patch);
    }
  }

  /**
   * Reads {@code 7.0.15}.
   *
   * @throws IllegalArgumentException if it is not three numbers
   */
  public static EngineVersion parse(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("a version is three numbers, was " + text);
    }
    return new EngineVersion(
        Integer.parseInt(form.group(1)),
        Integer.parseInt(form.group(2)),
        Integer.parseInt(form.group(3)));
  }

  /** Whether this is of the release line {@code major.minor} or of a later one. */
  public boolean isAtLeast(int major, int minor) {
    return this.major > major || (this.major == major && this.minor >= minor);
  }

  @Override
  public int compareTo(EngineVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}

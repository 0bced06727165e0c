package dev.larder.benchmarks.driver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys, their values, and the order in which the keys are read. There are {@value #KEYS} keys. A
 * name says the rest: {@code uniform-64} reads all keys equally often, {@code zipf-1024} the nth
 * 1/n times as often as the first (s = 1); the number is the length of the values. Of the same name
 * all is the same in every JVM.
 */
public final class DataSet {
  /** How many keys there are. */
  public static final int KEYS = 10_000;

  private static final Pattern NAME = Pattern.compile("(uniform|zipf)-([1-9][0-9]{1,3})");
  private static final int MIN_LENGTH = 16;
  private static final int MAX_LENGTH = 4096;
  private static final int SEED = 17;

  /** A power of two, so that positions wrap around by a mask. */
  private static final int READS = 1 << 18;

  private final String name;
  private final int valueLength;

  private DataSet(String name, int valueLength) {
    this.name = name;
    this.valueLength = valueLength;
  }

  /**
   * The data set of this name.
   *
   * @throws IllegalArgumentException if it is not {@code uniform-N} or {@code zipf-N}, N from 16 to
   *     4096
   */
  public static DataSet named(String name) {
    Matcher matcher = NAME.matcher(name);
    if (matcher.matches()) {
      int length = Integer.parseInt(matcher.group(2));
      if (length >= MIN_LENGTH && length <= MAX_LENGTH) {
        return new DataSet(name, length);
      }
    }
    throw new IllegalArgumentException(
        "a data set is uniform-N or zipf-N, with values of N bytes, from 16 to 4096, was " + name);
  }

  /** By what it is chosen. */
  public String name() {
    return name;
  }

  /**
   * The name of the nth key: twelve digits, because so redis-benchmark names the keys that it
   * reads.
   */
  public static String key(int n) {
    return String.format(Locale.ROOT, "key:%012d", n);
  }

  /** The value of the nth key: printable, without spaces, and no two are the same. */
  public String value(int n) {
    return String.format(Locale.ROOT, "value-%0" + (valueLength - 6) + "d", n);
  }

  /** All of it in bytes, as a load needs it: nothing is to be made while time is measured. */
  Reads reads() {
    byte[][] keys = new byte[KEYS][];
    byte[][] values = new byte[KEYS][];
    for (int n = 0; n < KEYS; n++) {
      keys[n] = key(n).getBytes(US_ASCII);
      values[n] = value(n).getBytes(US_ASCII);
    }
    SplittableRandom random = new SplittableRandom(SEED);
    Zipf zipf = new Zipf(KEYS);
    int[] order = new int[READS];
    for (int at = 0; at < READS; at++) {
      order[at] = name.startsWith("zipf") ? zipf.rank(random.nextDouble()) : random.nextInt(KEYS);
    }
    return new Reads(keys, values, order);
  }

  /** Which key is read when, and what the reply must be. */
  static final class Reads {
    private final byte[][] keys;
    private final byte[][] values;
    private final int[] order;

    private Reads(byte[][] keys, byte[][] values, int[] order) {
      this.keys = keys;
      this.values = values;
      this.order = order;
    }

    /** How many reads there are before they begin again. */
    int size() {
      return order.length;
    }

    /** The number of the key that is read at this position, which may be any. */
    int number(int position) {
      return order[position & (READS - 1)];
    }

    byte[] key(int number) {
      return keys[number];
    }

    byte[] value(int number) {
      return values[number];
    }
  }
}

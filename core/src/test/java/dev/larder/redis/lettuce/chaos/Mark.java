package dev.larder.redis.lettuce.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * A number in two forms that can be told from what they become in a broken stream: as a word
 * without any character that means something to the protocol, and as a larger number.
 */
record Mark(long number) {
  private static final Pattern WORD = Pattern.compile("m(\\d{1,9})c([0-9a-f]{8})");
  private static final Pattern VALUE = Pattern.compile("\\d{6,18}");
  private static final int CHECK_BITS = 20;

  /** Such as {@code m17c0a1b2c3d}. */
  String word() {
    return "m" + number + "c" + "%08x".formatted(check());
  }

  /** Such as {@code 18349261}. */
  long value() {
    return number << CHECK_BITS | (check() & ((1 << CHECK_BITS) - 1));
  }

  private long check() {
    var crc = new CRC32();
    crc.update(Long.toString(number).getBytes(US_ASCII));
    return crc.getValue();
  }

  /** The marks in a text, in both forms. */
  static List<Mark> in(String text) {
    Stream<Mark> words =
        WORD.matcher(text)
            .results()
            .filter(it -> new Mark(Long.parseLong(it.group(1))).word().equals(it.group()))
            .map(it -> new Mark(Long.parseLong(it.group(1))));
    Stream<Mark> values =
        VALUE
            .matcher(text)
            .results()
            .map(it -> Long.parseLong(it.group()))
            .filter(it -> new Mark(it >> CHECK_BITS).value() == it)
            .map(it -> new Mark(it >> CHECK_BITS));
    return Stream.concat(words, values).distinct().toList();
  }
}

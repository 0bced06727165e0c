package dev.larder.server.rest;

/** The slot of a Cluster in which a key lies: CRC16 (XMODEM) of the key, or of its hash tag. */
final class Slots {
  /** How many there are. */
  static final int COUNT = 16_384;

  private static final char[] TABLE = table();

  private Slots() {}

  /** From 0 to 16383: of the part in the first braces, unless that is empty, else of the whole. */
  static int of(byte[] key) {
    int open = indexOf(key, '{', 0);
    int close = open < 0 ? -1 : indexOf(key, '}', open + 1);
    return close > open + 1 ? crc(key, open + 1, close) : crc(key, 0, key.length);
  }

  private static int indexOf(byte[] key, char letter, int from) {
    for (int i = from; i < key.length; i++) {
      if (key[i] == letter) {
        return i;
      }
    }
    return -1;
  }

  private static int crc(byte[] bytes, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = (crc << 8 & 0xFFFF) ^ TABLE[(crc >>> 8 ^ bytes[i]) & 0xFF];
    }
    return crc & (COUNT - 1);
  }

  private static char[] table() {
    var table = new char[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
      }
      table[i] = (char) crc;
    }
    return table;
  }
}

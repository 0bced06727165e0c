package dev.larder.redis;

/** To which of a Cluster's slots a key belongs. */
public final class Slot {
  /** How many slots a Cluster has. */
  public static final int COUNT = 16_384;

  /** CRC-16/XMODEM, polynomial 0x1021, a byte at a time. */
  private static final int[] CRC16 = new int[256];

  static {
    for (int i = 0; i < CRC16.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
      }
      CRC16[i] = crc & 0xFFFF;
    }
  }

  private Slot() {}

  /**
   * The slot of a key, by the Redis Cluster specification ("Key distribution model", "Hash tags"):
   * where something stands between the first brace and the next closing one, only that counts.
   */
  public static int of(byte[] key) {
    int from = indexOf(key, '{', 0) + 1;
    int to = from == 0 ? -1 : indexOf(key, '}', from);
    return to > from ? of(key, from, to) : of(key, 0, key.length);
  }

  private static int indexOf(byte[] key, char wanted, int from) {
    for (int i = from; i < key.length; i++) {
      if (key[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static int of(byte[] key, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      crc = (crc << 8 ^ CRC16[(crc >>> 8 ^ key[i]) & 0xFF]) & 0xFFFF;
    }
    return crc % COUNT;
  }
}

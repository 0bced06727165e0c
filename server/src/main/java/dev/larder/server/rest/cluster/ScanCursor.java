package dev.larder.server.rest.cluster;

import dev.larder.redis.lettuce.cluster.SlotTable;
import dev.larder.server.http.HttpFault;
import java.math.BigInteger;

/**
 * How far SCAN has come on a Cluster, as the one number that its caller is given: the cursor of a
 * node, which node that is, and a fingerprint of the table of slots in which it has that place. A
 * number made under another table is refused: keys may have moved from a node yet to be scanned to
 * one that already was, so that to go on would miss them.
 *
 * @param cursor the node's own; 0 before its first step
 * @param node its place among the primaries
 * @param fingerprint of the table of slots, never 0
 */
record ScanCursor(BigInteger cursor, int node, int fingerprint) {
  private static final int NODE_BITS = 10;
  private static final int FINGERPRINT_BITS = 14;

  /** That of a table, in as few bits as there are for it, and never 0. */
  static int fingerprint(SlotTable table) {
    return 1 + Math.floorMod(table.fingerprint(), (1 << FINGERPRINT_BITS) - 1);
  }

  /**
   * Reads what a caller sent.
   *
   * @param fingerprint of the table of slots as it is now
   * @throws HttpFault with status 400, if it is no cursor, or one of another table
   */
  static ScanCursor parse(String text, int fingerprint, int nodes) {
    BigInteger all = number(text);
    if (all.signum() == 0) {
      return new ScanCursor(BigInteger.ZERO, 0, fingerprint);
    }
    int node = low(all, NODE_BITS);
    if (low(all.shiftRight(NODE_BITS), FINGERPRINT_BITS) != fingerprint || node >= nodes) {
      throw HttpFault.badRequest(
          "ERR the Cluster changed since this SCAN began (slots were moved, or a primary failed"
              + " over): begin again with cursor 0");
    }
    return new ScanCursor(all.shiftRight(NODE_BITS + FINGERPRINT_BITS), node, fingerprint);
  }

  private static BigInteger number(String text) {
    if (text.isEmpty()
        || text.length() > 40
        || !text.chars().allMatch(it -> it >= '0' && it <= '9')) {
      throw HttpFault.badRequest("ERR invalid cursor");
    }
    return new BigInteger(text);
  }

  private static int low(BigInteger number, int bits) {
    return number.intValue() & ((1 << bits) - 1);
  }

  /** The cursor to go on with once a node answered {@code next}. */
  ScanCursor answered(String next) {
    var inner = new BigInteger(next);
    return new ScanCursor(inner, inner.signum() == 0 ? node + 1 : node, fingerprint);
  }

  /**
   * What the caller is given: a decimal number, 0 when all nodes are through.
   *
   * @param nodes how many there are
   */
  String text(int nodes) {
    return node >= nodes
        ? "0"
        : cursor
            .shiftLeft(FINGERPRINT_BITS)
            .or(BigInteger.valueOf(fingerprint))
            .shiftLeft(NODE_BITS)
            .or(BigInteger.valueOf(node))
            .toString();
  }
}

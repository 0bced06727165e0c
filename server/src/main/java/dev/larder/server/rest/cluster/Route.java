package dev.larder.server.rest.cluster;

import java.util.List;

/** Where a command goes in a Cluster. */
sealed interface Route {

  /** To the node that has this slot. */
  record ToSlot(int slot) implements Route {}

  /** To any node. */
  record Anywhere() implements Route {}

  /** To every primary. */
  record Everywhere(Merge merge) implements Route {}

  /** To one primary after the other, by the cursor that is the word at {@code position}. */
  record Scan(int position) implements Route {}

  /** In pieces, one for each slot, of which none knows of the others. */
  record Split(List<Piece> pieces, Merge merge) implements Route {}

  /** Nowhere, since it would have to be in several slots at once. */
  record Refused(String why) implements Route {}

  /** A command over some of the keys of another. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Piece(int slot, byte[][] words) {}
}

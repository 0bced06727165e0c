package dev.larder.testkit;

/**
 * A slot on its way from one node to another: until {@link #finish()} its old node answers ASK for
 * keys that it no longer has. {@code moveKeys(int) | finish()}.
 */
public final class SlotMove {
  SlotMove() {}

  /** Moves some keys; returns how many, 0 when none is left. */
  public int moveKeys(int atMost) {
    return NotYet.notYet();
  }

  /** Moves the keys that are left and gives the slot to its new node: the old one says MOVED. */
  public void finish() {
    NotYet.notYet();
  }
}

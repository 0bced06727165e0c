package dev.larder.testkit.topology;

import dev.larder.testkit.RedisProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * A slot that is being moved from one node of a Cluster to another. Until {@link #finish()} its old
 * node answers ASK for the keys that it does not have, and TRYAGAIN where only some are there.
 *
 * <pre>{@code
 * SlotMove move = cluster.beginMove(RedisCluster.slotOf("a"), cluster.primaries().get(0));
 * move.moveKeys(1);
 * // a client that gets "a" from its old node is answered ASK
 * move.finish();
 * // and now MOVED
 * }</pre>
 */
public final class SlotMove {
  private static final int KEYS_AT_ONCE = 100;

  private final RedisCluster cluster;
  private final String password;
  private final int slot;
  private final RedisProcess from;
  private final RedisProcess to;

  SlotMove(RedisCluster cluster, String password, int slot, RedisProcess from, RedisProcess to) {
    this.cluster = cluster;
    this.password = password;
    this.slot = slot;
    this.from = from;
    this.to = to;
  }

  void begin(Connections connections) {
    setSlot(connections, to, "IMPORTING", connections.id(from));
    setSlot(connections, from, "MIGRATING", connections.id(to));
  }

  /**
   * Moves some keys.
   *
   * @param atMost how many
   * @return how many it moved; 0 when none is left
   */
  public int moveKeys(int atMost) {
    try (var connections = new Connections()) {
      return moveKeys(connections, atMost);
    }
  }

  private int moveKeys(Connections connections, int atMost) {
    List<String> keys =
        connections.list(
            from, "CLUSTER", "GETKEYSINSLOT", Integer.toString(slot), Integer.toString(atMost));
    if (!keys.isEmpty()) {
      List<String> migrate =
          new ArrayList<>(List.of("MIGRATE", "127.0.0.1", "" + to.port(), "", "0", "5000"));
      migrate.addAll(password.isEmpty() ? List.of() : List.of("AUTH", password));
      migrate.add("KEYS");
      migrate.addAll(keys);
      connections.text(from, migrate.toArray(String[]::new));
    }
    return keys.size();
  }

  /** Moves the keys that are left, and returns when every node knows the slot's new owner. */
  public void finish() {
    try (var connections = new Connections()) {
      finish(connections);
    }
    cluster.awaitOwner(to, slot);
  }

  /** As above, but returns before all nodes know. */
  void finish(Connections connections) {
    while (moveKeys(connections, KEYS_AT_ONCE) > 0) {
      // Until none is left: the old owner creates no new ones meanwhile.
    }
    String owner = connections.id(to);
    // The new owner first: were it the old one, both would disown it for a moment.
    setSlot(connections, to, "NODE", owner);
    setSlot(connections, from, "NODE", owner);
  }

  private void setSlot(Connections connections, RedisProcess node, String state, String id) {
    connections.text(node, "CLUSTER", "SETSLOT", Integer.toString(slot), state, id);
  }
}

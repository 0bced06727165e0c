package dev.larder.redis.lettuce.cluster;

import dev.larder.redis.NodeId;
import dev.larder.redis.Slot;
import dev.larder.redis.uri.RedisUri.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which node has which slots, as one node told it by CLUSTER NODES. Not CLUSTER SLOTS, which leaves
 * out a node that is about to get its first slot: to such a one ASK leads, and none is followed to
 * an address that the Cluster itself does not name, since scripts may answer anything.
 */
public final class SlotTable {
  private final @Nullable Node[] owners;
  private final List<Primary> primaries;
  private final Set<Node> all;
  private final Map<String, Node> places;
  private final Map<Integer, Node> migrating;
  private final int fingerprint;

  /**
   * A node with slots.
   *
   * @param id by which the nodes know it, wherever it may be
   * @param firstSlot the smallest of its slots: where commands go that are for this node
   */
  public record Primary(NodeId id, Node node, int firstSlot) {
    /** {@code host:port}. */
    @Override
    public String toString() {
      return node.host() + ':' + node.port();
    }
  }

  private SlotTable(Reading read) {
    this.owners = read.owners;
    this.primaries =
        read.primaries.stream().sorted(Comparator.comparingInt(Primary::firstSlot)).toList();
    this.all = Set.copyOf(read.ids.values());
    this.places = Map.copyOf(read.places);
    this.migrating = read.migrating();
    this.fingerprint = read.shares.stream().sorted().toList().hashCode();
  }

  /**
   * Reads what a node answered to CLUSTER NODES. What it does not know the address of, or has not
   * met yet, is left out.
   *
   * @param asked where it was asked: it may not know its own address
   * @param byName whether a node's host name is preferred to its address, as TLS needs it
   * @throws IllegalArgumentException if it is something else
   */
  public static SlotTable parse(String nodes, Node asked, boolean byName) {
    var read = new Reading(asked, byName);
    for (String line : nodes.split("\r?\n", -1)) {
      read.line(line.split(" ", -1));
    }
    return new SlotTable(read);
  }

  /** Who has a slot, or null where nobody has. */
  public @Nullable Node owner(int slot) {
    return owners[slot];
  }

  /** Where the node that told this table moves a slot to at this moment, or null if it does not. */
  public @Nullable Node migrating(int slot) {
    return migrating.get(slot);
  }

  /** The nodes with slots, by their smallest. */
  public List<Primary> primaries() {
    return primaries;
  }

  /**
   * Every node that the Cluster knows the address of, replicas and those without slots included.
   */
  public Set<Node> all() {
    return all;
  }

  /**
   * The node of the Cluster that a redirection names; null where there is none.
   *
   * @param place {@code host:port} as a node wrote it
   * @param asked who answered it: an empty host means the same as that
   */
  public @Nullable Node redirected(String place, Node asked) {
    return places.get(place.startsWith(":") ? asked.host() + place : place);
  }

  /** Another one, almost surely, for another distribution of the slots. */
  public int fingerprint() {
    return fingerprint;
  }

  /** A table while it is read. */
  private static final class Reading {
    final Node asked;
    final boolean byName;
    final @Nullable Node[] owners = new @Nullable Node[Slot.COUNT];
    final List<Primary> primaries = new ArrayList<>();
    final List<String> shares = new ArrayList<>();
    final Map<String, Node> ids = new HashMap<>();
    final Map<String, Node> places = new HashMap<>();
    final Map<Integer, String> leaving = new HashMap<>();

    Reading(Node asked, boolean byName) {
      this.asked = asked;
      this.byName = byName;
    }

    /** {@code id ip:port@busport,hostname,… flags …}, and from the ninth on its slots. */
    void line(String[] fields) {
      Node node = fields.length < 8 ? null : node(fields);
      if (node == null) {
        return;
      }
      ids.put(fields[0], node);
      int first = Slot.COUNT;
      var share = new StringBuilder(fields[0]);
      for (int i = 8; i < fields.length; i++) {
        String slots = fields[i];
        // In brackets stand slots on their way: a node tells that of itself only.
        if (slots.startsWith("[")) {
          leaving(slots);
        } else if (!slots.isEmpty()) {
          first = Math.min(first, own(slots, node));
          share.append(' ').append(slots);
        }
      }
      if (first < Slot.COUNT) {
        primaries.add(new Primary(new NodeId(fields[0]), node, first));
        shares.add(share.toString());
      }
    }

    /** Notes under which names it may be redirected to; null where it cannot be reached. */
    private @Nullable Node node(String[] fields) {
      List<String> flags = List.of(fields[2].split(",", -1));
      if (flags.contains("noaddr") || flags.contains("handshake")) {
        return null;
      }
      String[] names = fields[1].split(",", -1);
      int bus = names[0].indexOf('@');
      String address = bus < 0 ? names[0] : names[0].substring(0, bus);
      int colon = address.lastIndexOf(':');
      if (colon < 0 || address.endsWith(":0")) {
        return null;
      }
      String ip = address.substring(0, colon);
      int port = Integer.parseInt(address.substring(colon + 1));
      String name = names.length > 1 ? names[1] : "";
      String host = byName && !name.isEmpty() ? name : ip;
      if (host.isEmpty()) {
        host = asked.host();
      }
      var node = new Node(host, port);
      places.put(ip + ':' + port, node);
      places.put(host + ':' + port, node);
      if (!name.isEmpty()) {
        places.put(name + ':' + port, node);
      }
      return node;
    }

    /** Enters {@code from-to}, or one slot, and returns the smallest. */
    private int own(String slots, Node node) {
      int dash = slots.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? slots : slots.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(slots.substring(dash + 1));
      if (from < 0 || to >= Slot.COUNT) {
        throw new IllegalArgumentException("there are no slots " + slots);
      }
      Arrays.fill(owners, from, to + 1, node);
      return from;
    }

    /** {@code [slot->-id]}; the other way round, {@code [slot-<-id]}, it comes. */
    private void leaving(String slot) {
      int arrow = slot.indexOf("->-");
      if (arrow > 0) {
        leaving.put(
            Integer.parseInt(slot.substring(1, arrow)),
            slot.substring(arrow + 3, slot.length() - 1));
      }
    }

    Map<Integer, Node> migrating() {
      var to = new HashMap<Integer, Node>();
      leaving.forEach(
          (slot, id) -> {
            Node node = ids.get(id);
            if (node != null) {
              to.put(slot, node);
            }
          });
      return to;
    }
  }
}

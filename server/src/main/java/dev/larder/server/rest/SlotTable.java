package dev.larder.server.rest;

import dev.larder.redis.RedisUri.Node;
import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which node has which slots, as one node told it by CLUSTER NODES. Not CLUSTER SLOTS, which leaves
 * out a node that is about to get its first slot: to such a one ASK leads, and none is followed to
 * an address that the Cluster itself does not name, since scripts may answer anything.
 */
final class SlotTable {
  private final @Nullable Node[] owners;
  private final List<Primary> primaries;
  private final Set<Node> all;
  private final Map<String, Node> places;
  private final int fingerprint;

  /**
   * A node with slots.
   *
   * @param firstSlot the smallest of its slots: where commands go that are for this node
   */
  record Primary(Node node, int firstSlot) {}

  private SlotTable(
      @Nullable Node[] owners,
      List<Primary> primaries,
      Set<Node> all,
      Map<String, Node> places,
      int hash) {
    this.owners = owners;
    this.primaries = List.copyOf(primaries);
    this.all = Set.copyOf(all);
    this.places = Map.copyOf(places);
    this.fingerprint = 1 + Math.floorMod(hash, ScanCursor.FINGERPRINTS - 1);
  }

  /**
   * Reads what a node answered to CLUSTER NODES. What it does not know the address of, or has not
   * met yet, is left out.
   *
   * @param asked where it was asked: it may not know its own address
   * @param byName whether a node's host name is preferred to its address, as TLS needs it
   */
  static SlotTable parse(String nodes, Node asked, boolean byName) {
    var owners = new @Nullable Node[SlotHash.SLOT_COUNT];
    var primaries = new ArrayList<Primary>();
    var all = new HashSet<Node>();
    var places = new HashMap<String, Node>();
    var shares = new ArrayList<String>();
    for (String line : nodes.split("\r?\n", -1)) {
      String[] fields = line.split(" ", -1);
      Node node = fields.length < 8 ? null : node(fields, asked, byName, places);
      if (node == null) {
        continue;
      }
      all.add(node);
      int first = own(fields, node, owners);
      if (first < SlotHash.SLOT_COUNT) {
        primaries.add(new Primary(node, first));
        shares.add(fields[0] + shares(fields));
      }
    }
    primaries.sort(Comparator.comparingInt(Primary::firstSlot));
    shares.sort(Comparator.naturalOrder());
    return new SlotTable(owners, primaries, all, places, shares.hashCode());
  }

  /**
   * {@code id ip:port@busport,hostname,… flags …}; under each of its names it may be redirected to.
   */
  private static @Nullable Node node(
      String[] fields, Node asked, boolean byName, Map<String, Node> places) {
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

  /** Enters its slots, and returns the smallest. */
  private static int own(String[] fields, Node node, @Nullable Node[] owners) {
    int first = SlotHash.SLOT_COUNT;
    for (int i = 8; i < fields.length; i++) {
      // In brackets stand slots on their way.
      if (!fields[i].isEmpty() && fields[i].charAt(0) != '[') {
        int dash = fields[i].indexOf('-');
        int from = Integer.parseInt(dash < 0 ? fields[i] : fields[i].substring(0, dash));
        int to = dash < 0 ? from : Integer.parseInt(fields[i].substring(dash + 1));
        Arrays.fill(owners, from, to + 1, node);
        first = Math.min(first, from);
      }
    }
    return first;
  }

  private static String shares(String[] fields) {
    var shares = new StringBuilder();
    for (int i = 8; i < fields.length; i++) {
      if (!fields[i].startsWith("[")) {
        shares.append(' ').append(fields[i]);
      }
    }
    return shares.toString();
  }

  /** Who has a slot, or null where nobody has. */
  @Nullable Node owner(int slot) {
    return owners[slot];
  }

  /** The nodes with slots, by their smallest. */
  List<Primary> primaries() {
    return primaries;
  }

  /**
   * Every node that the Cluster knows the address of, replicas and those without slots included.
   */
  Set<Node> all() {
    return all;
  }

  /**
   * The node of the Cluster that a redirection names.
   *
   * @param asked who answered it: an empty host means the same as that
   */
  @Nullable Node redirected(String place, Node asked) {
    return places.get(place.startsWith(":") ? asked.host() + place : place);
  }

  /** Another one, almost surely, for another distribution of the slots; never 0. */
  int fingerprint() {
    return fingerprint;
  }
}

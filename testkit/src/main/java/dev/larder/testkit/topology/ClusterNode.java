package dev.larder.testkit.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One line of CLUSTER NODES: a node as another sees it.
 *
 * @param moving slots that are being moved, each with the id of the other node
 */
record ClusterNode(
    String id,
    int port,
    Set<String> flags,
    String primaryId,
    boolean connected,
    List<Range> ranges,
    Map<Integer, String> moving) {

  /** Slots, both ends included. */
  record Range(int first, int last) {}

  static List<ClusterNode> parse(String nodes) {
    return nodes.lines().map(ClusterNode::line).toList();
  }

  private static ClusterNode line(String line) {
    String[] fields = line.split(" ", -1);
    // ip:port@bus, and from Redis 7 a host name after a comma.
    String address = fields[1];
    int port =
        Integer.parseInt(address.substring(address.lastIndexOf(':') + 1, address.indexOf('@')));
    List<Range> ranges = new ArrayList<>();
    Map<Integer, String> moving = new HashMap<>();
    for (int i = 8; i < fields.length; i++) {
      String slots = fields[i];
      if (slots.startsWith("[")) {
        String[] move = slots.substring(1, slots.length() - 1).split("-[<>]-", -1);
        moving.put(Integer.valueOf(move[0]), move[1]);
      } else {
        String[] ends = slots.split("-", -1);
        ranges.add(new Range(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
      }
    }
    return new ClusterNode(
        fields[0],
        port,
        Set.of(fields[2].split(",", -1)),
        fields[3].equals("-") ? "" : fields[3],
        fields[7].equals("connected"),
        List.copyOf(ranges),
        Map.copyOf(moving));
  }

  boolean isMyself() {
    return flags.contains("myself");
  }

  boolean isPrimary() {
    return flags.contains("master");
  }

  boolean isReplica() {
    return flags.contains("slave");
  }

  /** Whether nothing is wrong with it: known by its name, and reachable. */
  boolean isHealthy() {
    return (connected || isMyself())
        && (isPrimary() || isReplica())
        && Set.of("fail", "fail?", "handshake", "noaddr").stream().noneMatch(flags::contains);
  }

  boolean owns(int slot) {
    return ranges.stream().anyMatch(it -> it.first() <= slot && slot <= it.last());
  }

  IntStream slots() {
    return ranges.stream().flatMapToInt(it -> IntStream.rangeClosed(it.first(), it.last()));
  }
}

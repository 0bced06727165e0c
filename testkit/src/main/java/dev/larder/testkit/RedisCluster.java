package dev.larder.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.embedded.EngineBinary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis Cluster of three primaries, if wanted with a replica each. A node that is silent for two
 * seconds counts as failed.
 *
 * <pre>{@code
 * try (var cluster = RedisCluster.start(RedisCluster.Options::replicas)) {
 *   var client = RedisClusterClient.create(cluster.uri());
 *   cluster.moveSlots(cluster.primaries().get(0), cluster.primaries().get(1), 100);
 *   cluster.failOver(cluster.nodeOf("a"));
 * }
 * }</pre>
 */
public final class RedisCluster extends RedisTopology {
  private static final int SLOTS = 16_384;
  private static final int PRIMARIES = 3;

  private final List<RedisProcess> nodes;

  /** How to start; without any: no replicas, the newest engine, nothing persisted. */
  public static final class Options {
    private @Nullable EngineBinary binary;
    private int nodes = PRIMARIES;
    private final List<String> lines = new ArrayList<>();

    private Options() {}

    /** The engine to run. */
    public Options binary(EngineBinary binary) {
      this.binary = binary;
      return this;
    }

    /** A replica for each of the three primaries. */
    public Options replicas() {
      nodes = 2 * PRIMARIES;
      return this;
    }

    /** One more line of every node's redis.conf. */
    public Options config(String line) {
      lines.add(line);
      return this;
    }
  }

  private RedisCluster(Options options) {
    nodes = startAll(options.nodes, index -> it -> configure(it, options));
    try {
      form();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static void configure(RedisProcess.Options node, Options options) {
    if (options.binary != null) {
      node.binary(options.binary);
    }
    node.config("cluster-enabled yes")
        .config("cluster-node-timeout 2000")
        // Who replicates whom stays as it was formed, but for failovers, and those always happen.
        .config("cluster-allow-replica-migration no")
        .config("cluster-replica-validity-factor 0")
        .config("repl-diskless-sync-delay 0");
    options.lines.forEach(node::config);
  }

  /**
   * Starts three primaries of the newest engine.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if one does not start
   */
  public static RedisCluster start() {
    return start(it -> {});
  }

  /**
   * Starts nodes as told, and returns when every node knows every other and finds all well.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if one does not start
   */
  public static RedisCluster start(Consumer<Options> options) {
    var chosen = new Options();
    options.accept(chosen);
    return new RedisCluster(chosen);
  }

  // By plain commands, as redis-cli may not be there.
  private void form() {
    try (var wires = new Wires()) {
      for (int i = 0; i < nodes.size(); i++) {
        // Were the epochs alike, the nodes would first have to fight them out.
        wires.to(nodes.get(i)).text("CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
      }
      for (int i = 0; i < nodes.size(); i++) {
        for (RedisProcess other : nodes.subList(i + 1, nodes.size())) {
          wires.to(nodes.get(i)).text("CLUSTER", "MEET", "127.0.0.1", "" + other.port());
        }
      }
      for (int i = 0; i < PRIMARIES; i++) {
        Stream<String> slots =
            IntStream.range(i * SLOTS / PRIMARIES, (i + 1) * SLOTS / PRIMARIES)
                .mapToObj(Integer::toString);
        wires
            .to(nodes.get(i))
            .text(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray(String[]::new));
      }
      Wait.until("every node met", () -> nodes.stream().allMatch(it -> knowsAll(view(it))));
      for (int i = PRIMARIES; i < nodes.size(); i++) {
        String primary = wires.id(nodes.get(i - PRIMARIES));
        wires.to(nodes.get(i)).text("CLUSTER", "REPLICATE", primary);
      }
    }
    Wait.until("every node knows all and finds them well", this::isWhole);
  }

  private static List<ClusterNode> view(RedisProcess node) {
    return ClusterNode.parse(Wire.ask(node, "CLUSTER", "NODES"));
  }

  private boolean knowsAll(List<ClusterNode> view) {
    return view.size() == nodes.size() && view.stream().allMatch(ClusterNode::isWell);
  }

  /** {@code redis-cluster://127.0.0.1:p1,127.0.0.1:p2,…}, naming every node. */
  @Override
  public String uri() {
    return "redis-cluster://" + nodes(nodes);
  }

  /** Every node, dead ones included. */
  public List<RedisProcess> nodes() {
    return List.copyOf(nodes);
  }

  @Override
  public List<RedisProcess> processes() {
    return nodes();
  }

  /** The nodes that serve slots now, or would if they were not dead or paused. */
  public List<RedisProcess> primaries() {
    return those(it -> it.isPrimary() && !it.ranges().isEmpty());
  }

  /** The nodes that replicate another now, dead ones included. */
  public List<RedisProcess> replicas() {
    return those(ClusterNode::isReplica);
  }

  /**
   * The primary that serves a slot.
   *
   * @throws IllegalArgumentException if there is no such slot
   */
  public RedisProcess nodeOf(int slot) {
    if (slot < 0 || slot >= SLOTS) {
      throw new IllegalArgumentException("a slot is from 0 to " + (SLOTS - 1) + ", was " + slot);
    }
    return those(it -> it.owns(slot)).get(0);
  }

  /** The primary that serves a key. */
  public RedisProcess nodeOf(String key) {
    return nodeOf(slotOf(key));
  }

  private List<RedisProcess> those(Predicate<ClusterNode> which) {
    RedisProcess witness = running().findFirst().orElseThrow();
    List<Integer> ports = view(witness).stream().filter(which).map(ClusterNode::port).toList();
    return nodes.stream().filter(it -> ports.contains(it.port())).toList();
  }

  private Stream<RedisProcess> running() {
    return nodes.stream().filter(RedisProcess::isRunning);
  }

  /** The slot of a key, 0 to 16383: of its hash tag, the part in braces, if it has one. */
  public static int slotOf(String key) {
    int open = key.indexOf('{');
    int close = open < 0 ? -1 : key.indexOf('}', open);
    String hashed = close > open + 1 ? key.substring(open + 1, close) : key;
    int crc = 0;
    for (byte b : hashed.getBytes(UTF_8)) {
      crc ^= (b & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ 0x1021;
      }
      crc &= 0xffff;
    }
    return crc % SLOTS;
  }

  /**
   * Moves slots with their keys from one primary to another, one after the other, while clients go
   * on: they meet ASK, then MOVED. Returns when every node knows the new owner.
   *
   * @throws IllegalArgumentException if the one has less than that many, or none would be left
   */
  public void moveSlots(RedisProcess from, RedisProcess to, int count) {
    int[] slots = own(from).slots().toArray();
    if (count < 1 || count >= slots.length) {
      throw new IllegalArgumentException(
          "can move from 1 to " + (slots.length - 1) + " slots, was " + count);
    }
    try (var wires = new Wires()) {
      for (int i = 0; i < count; i++) {
        var move = new SlotMove(this, slots[i], from, to);
        move.begin(wires);
        move.finish(wires);
      }
    }
    awaitOwner(to, Arrays.copyOf(slots, count));
  }

  /** Begins to move one slot, for a test that looks at what happens in between. */
  public SlotMove beginMove(int slot, RedisProcess to) {
    var move = new SlotMove(this, slot, nodeOf(slot), to);
    try (var wires = new Wires()) {
      move.begin(wires);
    }
    return move;
  }

  private static ClusterNode own(RedisProcess node) {
    return own(view(node));
  }

  private static ClusterNode own(List<ClusterNode> view) {
    return view.stream().filter(ClusterNode::isMyself).findFirst().orElseThrow();
  }

  /** Returns when every node that runs says that these are its slots. */
  void awaitOwner(RedisProcess owner, int... slots) {
    Wait.until(
        "every node says that " + owner + " has slot " + slots[0],
        () ->
            running()
                .map(RedisCluster::view)
                .flatMap(List::stream)
                .filter(it -> it.port() == owner.port())
                .allMatch(it -> IntStream.of(slots).allMatch(it::owns)));
  }

  /**
   * Kills a primary (SIGKILL), and returns when every node that runs knows that its replica has
   * taken over and finds the Cluster well. The killed one, when it is restarted, follows that one.
   *
   * @return the new primary
   * @throws IllegalArgumentException if it is not a primary that has a replica
   */
  public RedisProcess failOver(RedisProcess primary) {
    List<ClusterNode> view = view(primary);
    String id = own(primary).id();
    if (view.stream().noneMatch(it -> it.primaryId().equals(id) && it.isWell())) {
      throw new IllegalArgumentException(primary + " is not a primary that has a replica");
    }
    int slot = own(primary).slots().findFirst().orElseThrow();
    primary.kill();
    Wait.until("the replica of " + primary + " promoted", () -> isTakenOver(slot, primary));
    return nodeOf(slot);
  }

  private boolean isTakenOver(int slot, RedisProcess old) {
    Set<Integer> owners =
        running()
            .flatMap(it -> view(it).stream().filter(node -> node.owns(slot)))
            .map(ClusterNode::port)
            .collect(Collectors.toSet());
    return owners.size() == 1
        && !owners.contains(old.port())
        && running().allMatch(RedisCluster::isOk);
  }

  private static boolean isOk(RedisProcess node) {
    return Wire.field(Wire.ask(node, "CLUSTER", "INFO"), "cluster_state").equals("ok");
  }

  /**
   * Brings back what was killed or paused, calls off moves of slots that were not finished, and
   * returns when every node finds all well. What has been moved or promoted stays so.
   */
  @Override
  public void heal() {
    nodes.forEach(RedisTopology::resumeOrRestart);
    try (var wires = new Wires()) {
      for (RedisProcess node : nodes) {
        for (Integer slot : own(node).moving().keySet()) {
          wires.to(node).text("CLUSTER", "SETSLOT", slot.toString(), "STABLE");
        }
      }
    }
    Wait.until(
        "every node knows all and finds them well",
        () -> {
          nodes.forEach(RedisCluster::giveUseTo);
          return isWhole();
        });
  }

  /**
   * A primary whose slots were moved on after its failover remains without any when it is back: the
   * one that it should follow may not be the one that took its last slot.
   */
  private static void giveUseTo(RedisProcess node) {
    List<ClusterNode> view = view(node);
    ClusterNode own = own(view);
    if (own.isPrimary() && own.ranges().isEmpty()) {
      Set<String> replicated =
          view.stream().map(ClusterNode::primaryId).collect(Collectors.toSet());
      view.stream()
          .filter(it -> it.isPrimary() && !it.ranges().isEmpty() && !replicated.contains(it.id()))
          .findFirst()
          .ifPresent(it -> Wire.ask(node, "CLUSTER", "REPLICATE", it.id()));
    }
  }

  private boolean isWhole() {
    List<List<ClusterNode>> views = nodes.stream().map(RedisCluster::view).toList();
    return views.stream().allMatch(this::knowsAll)
        && views.stream().map(RedisCluster::roles).distinct().count() == 1
        && views.get(0).stream().filter(ClusterNode::isPrimary).count() == PRIMARIES
        && nodes.stream().allMatch(it -> isOk(it) && isInSync(it));
  }

  private static Map<Integer, List<Object>> roles(List<ClusterNode> view) {
    return view.stream()
        .collect(
            Collectors.toMap(
                ClusterNode::port, it -> List.of(it.isPrimary(), it.primaryId(), it.ranges())));
  }

  private static boolean isInSync(RedisProcess node) {
    String state = Wire.ask(node, "INFO", "replication");
    return Wire.field(state, "role").equals("master")
        || Wire.field(state, "master_link_status").equals("up");
  }

  @Override
  public void flush() {
    for (RedisProcess primary : primaries()) {
      try (var wire = new Wire(primary)) {
        wire.text("FLUSHALL");
        wire.text("WAIT", "" + (nodes.size() / PRIMARIES - 1), "5000");
      }
    }
    nodes.forEach(it -> it.command("SCRIPT", "FLUSH"));
  }
}

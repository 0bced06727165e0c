package dev.larder.testkit.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.testkit.RedisProcess;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Redis Cluster. A node that is silent for two seconds counts as failed.
 *
 * <pre>{@code
 * try (var cluster = RedisCluster.start(it -> it.replicas(1))) {
 *   var client = RedisClusterClient.create(cluster.uri());
 *   cluster.moveSlots(cluster.primaries().get(0), cluster.primaries().get(1), 100);
 *   cluster.failOver(cluster.nodeOf("a"));
 * }
 * }</pre>
 */
public final class RedisCluster extends RedisTopology {
  private static final int SLOTS = 16_384;

  private final List<RedisProcess> nodes = new CopyOnWriteArrayList<>();
  private final Options options;
  private final Relays relays;

  /** How to start; if nothing is chosen: with three primaries and no replicas. */
  public static final class Options extends TopologyOptions<Options> {
    private int primaries = 3;

    private Options() {
      super(0, 0);
    }

    @Override
    protected Options self() {
      return this;
    }

    /**
     * How many primaries share the slots. With fewer than three there are no failovers.
     *
     * @throws IllegalArgumentException if there are to be less than one
     */
    public Options primaries(int primaries) {
      if (primaries < 1) {
        throw new IllegalArgumentException("primaries must be at least 1, was " + primaries);
      }
      this.primaries = primaries;
      return this;
    }
  }

  private RedisCluster(Options options) {
    this.options = options;
    int count = options.primaries * (1 + options.replicas());
    relays = new Relays(options, nodes, count);
    try {
      nodes.addAll(startAll(count, index -> it -> configure(it, index)));
      relays.withoutReplicationDelay(this::form);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void configure(RedisProcess.Options node, int index) {
    node.config("cluster-enabled yes")
        .config("cluster-node-timeout 2000")
        // Who replicates whom stays as it was formed, but for failovers, and those always happen.
        .config("cluster-allow-replica-migration no")
        .config("cluster-replica-validity-factor 0")
        .config("repl-diskless-sync-delay 0");
    relays
        .announcement(
            index, options.isTls() ? "cluster-announce-tls-port" : "cluster-announce-port")
        .forEach(node::config);
    options.copyTo(node);
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
   * Starts nodes as told, and returns when every node knows every other and finds all healthy.
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
    int primaries = options.primaries;
    try (var connections = new Connections()) {
      for (int i = 0; i < nodes.size(); i++) {
        // Were the epochs alike, the nodes would first have to fight them out.
        connections.text(nodes.get(i), "CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
      }
      for (int i = 0; i < nodes.size(); i++) {
        for (RedisProcess other : nodes.subList(i + 1, nodes.size())) {
          connections.text(nodes.get(i), "CLUSTER", "MEET", "127.0.0.1", "" + other.port());
        }
      }
      for (int i = 0; i < primaries; i++) {
        Stream<String> slots =
            IntStream.range(i * SLOTS / primaries, (i + 1) * SLOTS / primaries)
                .mapToObj(Integer::toString);
        connections.text(
            nodes.get(i),
            Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray(String[]::new));
      }
      Poll.until(
          "every node has met every other",
          () -> nodes.stream().allMatch(it -> knowsAll(view(it))));
      for (int i = primaries; i < nodes.size(); i++) {
        String primary = connections.id(nodes.get(i % primaries));
        connections.text(nodes.get(i), "CLUSTER", "REPLICATE", primary);
      }
    }
    awaitAgreement();
  }

  private void awaitAgreement() {
    Poll.until("every node knows all others and finds them healthy", this::allAgree);
  }

  private static List<ClusterNode> view(RedisProcess node) {
    return ClusterNode.parse(Connections.ask(node, "CLUSTER", "NODES"));
  }

  private boolean knowsAll(List<ClusterNode> view) {
    return view.size() == nodes.size() && view.stream().allMatch(ClusterNode::isHealthy);
  }

  /** {@code redis-cluster://127.0.0.1:p1,127.0.0.1:p2,…}, naming every node. */
  @Override
  public String uri() {
    return options.uri("-cluster", nodes.stream().mapToInt(relays::portOf));
  }

  /** Every node, dead ones included. */
  public List<RedisProcess> nodes() {
    return List.copyOf(nodes);
  }

  @Override
  public List<RedisProcess> processes() {
    return nodes();
  }

  @Override
  List<RedisProcess> engines() {
    return nodes();
  }

  @Override
  Relays relays() {
    return relays;
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
    return nodes.stream().filter(it -> ports.contains(relays.portOf(it))).toList();
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
    try (var connections = new Connections()) {
      for (int i = 0; i < count; i++) {
        var move = new SlotMove(this, options.password(), slots[i], from, to);
        move.begin(connections);
        move.finish(connections);
      }
    }
    awaitOwner(to, Arrays.copyOf(slots, count));
  }

  /** Begins to move one slot, for a test that looks at what happens in between. */
  public SlotMove beginMove(int slot, RedisProcess to) {
    var move = new SlotMove(this, options.password(), slot, nodeOf(slot), to);
    try (var connections = new Connections()) {
      move.begin(connections);
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
    Poll.until(
        "every node says that " + owner + " has slot " + slots[0],
        () ->
            running()
                .map(RedisCluster::view)
                .flatMap(List::stream)
                .filter(it -> it.port() == relays.portOf(owner))
                .allMatch(it -> IntStream.of(slots).allMatch(it::owns)));
  }

  /**
   * Kills a primary (SIGKILL), and returns when every node that runs knows that its replica has
   * taken over and finds the Cluster healthy. The killed one, when it is restarted, follows that
   * one.
   *
   * @return the new primary
   * @throws IllegalArgumentException if it is not a primary that has a replica
   */
  public RedisProcess failOver(RedisProcess primary) {
    if (options.primaries < 3) {
      throw new IllegalArgumentException("fewer than three primaries elect no replica");
    }
    List<ClusterNode> view = view(primary);
    String id = own(primary).id();
    if (view.stream().noneMatch(it -> it.primaryId().equals(id) && it.isHealthy())) {
      throw new IllegalArgumentException(primary + " is not a primary that has a replica");
    }
    int slot = own(primary).slots().findFirst().orElseThrow();
    primary.kill();
    Poll.until("the replica of " + primary + " promoted", () -> isTakenOver(slot, primary));
    return nodeOf(slot);
  }

  private boolean isTakenOver(int slot, RedisProcess old) {
    Set<Integer> owners =
        running()
            .flatMap(it -> view(it).stream().filter(node -> node.owns(slot)))
            .map(ClusterNode::port)
            .collect(Collectors.toSet());
    return owners.size() == 1
        && !owners.contains(relays.portOf(old))
        && running().allMatch(RedisCluster::isOk);
  }

  private static boolean isOk(RedisProcess node) {
    return Connections.ask(node, "CLUSTER", "INFO").contains("cluster_state:ok");
  }

  /** Also cancels moves of slots that were not finished. */
  @Override
  void reunite() {
    nodes.forEach(RedisTopology::resumeOrRestart);
    try (var connections = new Connections()) {
      for (RedisProcess node : nodes) {
        for (Integer slot : own(node).moving().keySet()) {
          connections.text(node, "CLUSTER", "SETSLOT", slot.toString(), "STABLE");
        }
      }
    }
    Poll.until(
        "every node knows all others and finds them healthy",
        () -> {
          nodes.forEach(RedisCluster::giveUseTo);
          return allAgree();
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
      view.stream()
          .filter(it -> it.isPrimary() && !it.ranges().isEmpty())
          .min(Comparator.comparing(it -> replicas(view, it)))
          .ifPresent(it -> Connections.ask(node, "CLUSTER", "REPLICATE", it.id()));
    }
  }

  private static long replicas(List<ClusterNode> view, ClusterNode primary) {
    return view.stream().filter(it -> it.primaryId().equals(primary.id())).count();
  }

  private boolean allAgree() {
    List<List<ClusterNode>> views = nodes.stream().map(RedisCluster::view).toList();
    return views.stream().allMatch(this::knowsAll)
        && views.stream().map(RedisCluster::roles).distinct().count() == 1
        && views.get(0).stream().filter(ClusterNode::isPrimary).count() == options.primaries
        && nodes.stream().allMatch(RedisCluster::isOk)
        && isInSync();
  }

  private static Map<Integer, List<Object>> roles(List<ClusterNode> view) {
    return view.stream()
        .collect(
            Collectors.toMap(
                ClusterNode::port, it -> List.of(it.isPrimary(), it.primaryId(), it.ranges())));
  }

  private boolean isInSync() {
    Map<Integer, ReplicationState> primaries =
        primaries().stream().collect(Collectors.toMap(relays::portOf, ReplicationState::of));
    List<RedisProcess> replicas = replicas();
    return primaries.values().stream().mapToLong(relays::connectedReplicas).sum() >= replicas.size()
        && replicas.stream()
            .map(ReplicationState::of)
            .allMatch(
                replica ->
                    primaries.entrySet().stream()
                        .anyMatch(
                            it ->
                                replica.isConnectedTo(it.getKey())
                                    && replica.offset() >= it.getValue().offset()));
  }

  @Override
  void flushPrimaries() {
    for (RedisProcess primary : primaries()) {
      primary.flush();
    }
    Poll.until("every replica is as empty as its primary", this::isInSync);
  }
}

package dev.larder.redis.lettuce.cluster;

import dev.larder.redis.NodeId;
import dev.larder.redis.lettuce.cluster.SlotTable.Primary;
import dev.larder.redis.lettuce.link.EngineConnection;
import dev.larder.redis.lettuce.link.LettuceOptions;
import dev.larder.redis.lettuce.link.WireCommand;
import dev.larder.redis.uri.RedisUri;
import dev.larder.redis.uri.RedisUri.Node;
import dev.larder.redis.uri.RedisUri.Topology;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of a Cluster as one event loop knows them: the table of their slots, which is asked of
 * one node after the other whenever something hints that it changed, and now and then without; and
 * a connection to each primary. To be used on that loop alone where nothing else is said.
 */
public final class ClusterNodes {
  private static final Logger log = LoggerFactory.getLogger(ClusterNodes.class);
  private static final long BETWEEN_REFRESHES = Duration.ofMillis(100).toNanos();
  private static final long REFRESH_AT_LEAST_EVERY = Duration.ofSeconds(5).toNanos();
  private static final long ANSWER_WITHIN = Duration.ofSeconds(1).toNanos();
  private static final long BETWEEN_ATTEMPTS = Duration.ofMillis(250).toNanos();
  private static final long FORGOTTEN_AFTER = Duration.ofSeconds(5).toNanos();

  private final RedisUri uri;
  private final EventLoop loop;
  private final ClientResources resources;
  private final LettuceOptions options;
  private final EngineConnection.Listener listener;
  private final Runnable whenBetter;
  private final @Nullable ClusterNodes informed;
  private final Map<Node, Member> members = new HashMap<>();
  private final Map<Node, CompletionStage<Void>> connecting = new HashMap<>();
  private final Map<Node, Long> unreachable = new HashMap<>();
  private volatile @Nullable SlotTable table;
  private volatile List<Member> primaries = List.of();
  private boolean wanted;
  private long asked;
  private @Nullable CompletionStage<SlotTable> refresh;
  private @Nullable Node witness;
  private int turn;
  private boolean closed;

  /**
   * Nodes that are not connected to yet.
   *
   * @param uri names some nodes of the Cluster
   * @param resources threads and timers to share; their event loops are not used
   * @param whenBetter is run when something can be sent that could not be before, and whenever the
   *     table was told anew
   */
  public ClusterNodes(
      RedisUri uri,
      EventLoop loop,
      ClientResources resources,
      LettuceOptions options,
      Runnable whenBetter) {
    this(uri, loop, resources, options, EngineConnection.Listener.NONE, whenBetter);
  }

  /**
   * As above.
   *
   * @param listener hears of each node's connection
   */
  public ClusterNodes(
      RedisUri uri,
      EventLoop loop,
      ClientResources resources,
      LettuceOptions options,
      EngineConnection.Listener listener,
      Runnable whenBetter) {
    this(uri, loop, resources, options, listener, whenBetter, null);
  }

  private ClusterNodes(
      RedisUri uri,
      EventLoop loop,
      ClientResources resources,
      LettuceOptions options,
      EngineConnection.Listener listener,
      Runnable whenBetter,
      @Nullable ClusterNodes informed) {
    this.uri = uri;
    this.loop = loop;
    this.resources = resources;
    this.options = options;
    this.listener = listener;
    this.whenBetter = whenBetter;
    this.informed = informed;
  }

  /**
   * The same Cluster as another user sees it, who need not be allowed to ask for the table: it is
   * told by these nodes, which must be connected and stay open for as long.
   *
   * @param uri names the same Cluster with that user's credentials
   */
  public ClusterNodes as(RedisUri uri, EngineConnection.Listener listener, Runnable whenBetter) {
    return new ClusterNodes(uri, loop, resources, options, listener, whenBetter, this);
  }

  /** A node that there is, or was, a connection to. */
  public final class Member {
    private final Node node;
    private final EngineConnection connection;
    private long used = System.nanoTime();
    private @Nullable CompletableFuture<SlotTable> asking;

    private Member(Node node) {
      this.node = node;
      this.connection = new EngineConnection(at(node), loop, resources, options, listener);
    }

    /** Where it is. */
    public Node node() {
      return node;
    }

    /** Whether commands can be sent now. From any thread. */
    public boolean connected() {
      return connection.connected();
    }

    /** How many commands have no reply yet. */
    public int unanswered() {
      return connection.unanswered();
    }

    /** Sends a command at the end of this turn of the loop. */
    public void send(WireCommand command) {
      used = System.nanoTime();
      connection.send(command);
    }

    /** Sends commands at the end of this turn of the loop, with nothing in between. */
    public void send(List<? extends WireCommand> commands) {
      used = System.nanoTime();
      connection.send(commands);
    }

    /** {@code host:port}. */
    @Override
    public String toString() {
      return node.host() + ':' + node.port();
    }
  }

  /** The address of one node, as it is connected to. */
  public RedisUri at(Node node) {
    return new RedisUri(
        Topology.STANDALONE,
        List.of(node),
        uri.tls(),
        uri.user(),
        uri.password(),
        0,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Learns the table from the first node of the URI that answers, and connects to all primaries
   * that it can reach; from any thread.
   *
   * @return fails where there is no such node, with the fault of the last
   */
  public CompletionStage<Void> connect() {
    return CompletableFuture.supplyAsync(
            () -> informed == null ? learnFrom(0) : followFrom(informed), loop)
        .thenCompose(it -> it);
  }

  private CompletionStage<Void> followFrom(ClusterNodes informed) {
    table = informed.table();
    return reachAll()
        .thenCompose(
            faults ->
                connected() || faults.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(faults.get(0)));
  }

  private CompletionStage<Void> learnFrom(int seed) {
    List<Node> seeds = uri.nodes();
    return reach(seeds.get(seed))
        .thenComposeAsync(reached -> ask(seeds.get(seed)), loop)
        .handleAsync(
            (told, fault) -> {
              if (told != null) {
                learned(told);
              }
              return fault;
            },
            loop)
        .thenCompose(
            fault ->
                fault == null
                    ? reachAll().thenAccept(faults -> {})
                    : seed + 1 < seeds.size()
                        ? learnFrom(seed + 1)
                        : CompletableFuture.failedFuture(fault));
  }

  private CompletionStage<SlotTable> ask(Node node) {
    Member member = members.get(node);
    return member == null
        ? CompletableFuture.failedFuture(
            new IllegalStateException("there is no connection to " + node))
        : ask(member);
  }

  /** Connects to all primaries that it can reach, and tells what befell the others. */
  private CompletionStage<List<Throwable>> reachAll() {
    var faults = new ArrayList<Throwable>();
    return CompletableFuture.allOf(
            table().primaries().stream()
                .map(
                    it ->
                        reach(it.node())
                            .exceptionally(
                                fault -> {
                                  faults.add(fault);
                                  return null;
                                })
                            .toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new))
        .thenApply(reached -> faults);
  }

  /**
   * The table as it was last told. From any thread, once connected.
   *
   * @throws IllegalStateException if no node was connected to yet
   */
  public SlotTable table() {
    SlotTable current = table;
    if (current == null) {
      throw new IllegalStateException("asked for before a node was connected to");
    }
    return current;
  }

  /**
   * Asks a node for its table, as it is from now on: what was asked for in an earlier turn of the
   * loop does not count.
   *
   * @return fails if it does not answer within a second, or knows of no slots
   */
  public CompletionStage<SlotTable> ask(Member member) {
    if (informed != null) {
      return informed.ask(member.node);
    }
    CompletableFuture<SlotTable> already = member.asking;
    if (already != null) {
      return already;
    }
    var question = new TableQuestion(member.node, uri.tls());
    member.asking = question.told();
    member.send(question);
    // What is asked for in this turn of the loop goes out together; later on it is asked anew.
    loop.execute(() -> member.asking = null);
    return question.told().orTimeout(ANSWER_WITHIN, TimeUnit.NANOSECONDS);
  }

  /** Whether there is a primary to send to. From any thread. */
  public boolean connected() {
    for (Member primary : primaries) {
      if (primary.connected()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Who has a slot; null where nobody has, or there is no connection yet: then one is being opened.
   */
  public @Nullable Member owner(int slot) {
    Node node = table().owner(slot);
    return node == null ? null : member(node);
  }

  /** A primary; null where there is none of that id, or no connection yet. */
  public @Nullable Member primary(NodeId id) {
    for (Primary primary : table().primaries()) {
      if (primary.id().equals(id)) {
        return member(primary.node());
      }
    }
    return null;
  }

  /** A primary that is connected, now this one and now that one. From any thread. */
  public @Nullable Member any() {
    List<Member> all = primaries;
    for (int i = 0; i < all.size(); i++) {
      Member member = all.get(Math.floorMod(++turn, all.size()));
      if (member.connected()) {
        return member;
      }
    }
    return null;
  }

  /** The node of this Cluster that {@code by} redirects to; null where none is known. */
  public @Nullable Member redirected(String place, Member by) {
    Node node = table().redirected(place, by.node);
    return node == null ? null : member(node);
  }

  /**
   * A slot was moved.
   *
   * @param to where to, if that is known: who knows best how things are now
   */
  public void moved(@Nullable Member to) {
    asksTheTable().witness = to == null ? null : to.node;
    refreshSoon();
  }

  /** The table may be out of date. */
  public void refreshSoon() {
    asksTheTable().wanted = true;
  }

  private ClusterNodes asksTheTable() {
    return informed == null ? this : informed;
  }

  /**
   * To be called every 50 ms or so.
   *
   * @param now {@link System#nanoTime()}
   */
  public void tick(long now) {
    boolean whole = primaries.size() == table().primaries().size();
    for (Member primary : primaries) {
      whole &= primary.connected();
    }
    if (informed != null) {
      if (informed.table() != table) {
        learned(informed.table());
      } else if (!whole && now - asked > BETWEEN_REFRESHES) {
        asked = now;
        usePrimaries();
      }
    } else if (refresh == null
        && now - asked > (wanted || !whole ? BETWEEN_REFRESHES : REFRESH_AT_LEAST_EVERY)) {
      refresh(now);
    }
    forget(now);
  }

  private void refresh(long now) {
    Member member = witness == null ? null : members.get(witness);
    witness = null;
    if (member == null || !member.connected()) {
      member = any();
    }
    if (member == null) {
      member = members.values().stream().filter(Member::connected).findFirst().orElse(null);
    }
    if (member == null) {
      // None of the primaries is left: whoever else there is may know the new ones.
      uri.nodes().forEach(this::member);
      table().all().forEach(this::member);
      return;
    }
    wanted = false;
    asked = now;
    refresh = ask(member).whenCompleteAsync(this::refreshed, loop);
  }

  private void refreshed(@Nullable SlotTable told, @Nullable Throwable fault) {
    refresh = null;
    if (told != null) {
      learned(told);
    } else {
      wanted = true;
    }
  }

  private void learned(SlotTable learned) {
    SlotTable before = table;
    table = learned;
    if (informed == null && (before == null || before.fingerprint() != learned.fingerprint())) {
      log.info("the Cluster's slots are at {}", learned.primaries());
    }
    usePrimaries();
    whenBetter.run();
  }

  private void usePrimaries() {
    var all = new ArrayList<Member>();
    for (Primary primary : table().primaries()) {
      Member member = member(primary.node());
      if (member != null) {
        all.add(member);
      }
    }
    primaries = List.copyOf(all);
  }

  /** The connection to a node; null where there is none yet: then one is opened. */
  private @Nullable Member member(Node node) {
    Member member = members.get(node);
    if (member == null) {
      Long since = unreachable.get(node);
      if (!closed
          && !connecting.containsKey(node)
          && (since == null || System.nanoTime() - since > BETWEEN_ATTEMPTS)) {
        var unused = reach(node);
      }
    } else {
      member.used = System.nanoTime();
    }
    return member;
  }

  private CompletionStage<Void> reach(Node node) {
    if (members.containsKey(node)) {
      return CompletableFuture.completedFuture(null);
    }
    CompletionStage<Void> already = connecting.get(node);
    if (already != null) {
      return already;
    }
    var member = new Member(node);
    CompletionStage<Void> reached =
        member
            .connection
            .connect()
            .whenCompleteAsync((connected, fault) -> reached(member, fault), loop);
    connecting.put(node, reached);
    return reached;
  }

  private void reached(Member member, @Nullable Throwable fault) {
    connecting.remove(member.node);
    if (fault != null || closed) {
      unreachable.put(member.node, System.nanoTime());
      var unused = member.connection.close();
      return;
    }
    unreachable.remove(member.node);
    members.put(member.node, member);
    if (table != null) {
      usePrimaries();
      whenBetter.run();
    }
  }

  /** Closes connections to nodes that have no slots any more, once nothing is under way there. */
  private void forget(long now) {
    for (Member member : List.copyOf(members.values())) {
      if (now - member.used > FORGOTTEN_AFTER
          && member.unanswered() == 0
          && !primaries.contains(member)) {
        members.remove(member.node);
        var unused = member.connection.close();
      }
    }
  }

  /** Leaves the Cluster. */
  public CompletableFuture<Void> close() {
    closed = true;
    return CompletableFuture.allOf(
        members.values().stream()
            .map(it -> it.connection.close())
            .toArray(CompletableFuture<?>[]::new));
  }
}

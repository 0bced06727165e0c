package dev.larder.server.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.RedisUri;
import dev.larder.redis.RedisUri.Node;
import dev.larder.redis.RedisUri.Topology;
import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.LettuceClients;
import dev.larder.server.rest.SlotTable.Primary;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of a Cluster as one event loop knows them: the table of their slots, which is asked of
 * one node after the other whenever something hints that it changed, and now and then without; and
 * a connection to each primary.
 */
final class ClusterNodes {
  private static final Logger log = LoggerFactory.getLogger(ClusterNodes.class);
  private static final byte[] CLUSTER_NODES =
      "*2\r\n$7\r\nCLUSTER\r\n$5\r\nNODES\r\n".getBytes(US_ASCII);
  private static final long BETWEEN_REFRESHES = Duration.ofMillis(100).toNanos();
  private static final long REFRESH_AT_LEAST_EVERY = Duration.ofSeconds(5).toNanos();
  private static final long ANSWER_WITHIN = Duration.ofSeconds(1).toNanos();
  private static final long BETWEEN_ATTEMPTS = Duration.ofMillis(250).toNanos();

  private final EventLoop loop;
  private final RedisUri uri;
  private final RestLimits limits;
  private final AtomicInteger connections;
  private final Runnable whenBetter;
  private final long unusedNanos;
  private final ClientResources resources;
  private final Connections subscriptions;
  private final Set<Channel> subscribed = new HashSet<>();
  private final Map<Node, Member> members = new HashMap<>();
  private final Map<Node, CompletionStage<Void>> connecting = new HashMap<>();
  private final Map<Node, Long> unreachable = new HashMap<>();
  private volatile @Nullable SlotTable table;
  private volatile List<Member> primaries = List.of();
  private boolean wanted;
  private long asked;
  private @Nullable Refresh refresh;
  private @Nullable Node witness;
  private int turn;

  /**
   * @param whenBetter is run when something can be sent that could not be before
   */
  ClusterNodes(
      EventLoop loop,
      RedisUri uri,
      RestLimits limits,
      AtomicInteger connections,
      Runnable whenBetter) {
    this.loop = loop;
    this.uri = uri;
    this.limits = limits;
    this.connections = connections;
    this.whenBetter = whenBetter;
    this.unusedNanos = 2 * limits.budget().toNanos() + ANSWER_WITHIN;
    this.resources =
        LettuceClients.resources()
            .eventLoopGroupProvider(new OneLoop(loop))
            .socketAddressResolver(new AnyPrimary())
            .nettyCustomizer(new Subscribed())
            .build();
    this.subscriptions = new Connections(single(uri.nodes().get(0)), resources);
  }

  /** A node that there is, or was, a connection to. */
  final class Member {
    private final Node node;
    private final EngineLink link;
    private long used = System.nanoTime();

    private Member(Node node) {
      this.node = node;
      this.link = new EngineLink(loop, single(node), limits, connections);
    }

    boolean connected() {
      return link.connected();
    }

    /** Sends commands at the end of this turn of the loop, with nothing in between. */
    void send(List<? extends WireCommand> commands) {
      used = System.nanoTime();
      link.send(commands);
    }
  }

  private RedisUri single(Node node) {
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
   * that it can reach; fails where there is no such node.
   */
  CompletionStage<Void> connect() {
    return CompletableFuture.supplyAsync(() -> learnFrom(0), loop).thenCompose(it -> it);
  }

  private CompletionStage<Void> learnFrom(int seed) {
    List<Node> seeds = uri.nodes();
    return reach(seeds.get(seed))
        .thenComposeAsync(reached -> learn(members.get(seeds.get(seed))), loop)
        .handleAsync((learned, fault) -> fault, loop)
        .thenCompose(
            fault ->
                fault == null
                    ? reachAll()
                    : seed + 1 < seeds.size()
                        ? learnFrom(seed + 1)
                        : CompletableFuture.failedFuture(fault));
  }

  private CompletionStage<Void> learn(@Nullable Member member) {
    if (member == null) {
      return CompletableFuture.failedFuture(EngineLink.UNREACHABLE);
    }
    var first = new Refresh(member.node);
    member.send(List.of(first));
    return first.learned.orTimeout(ANSWER_WITHIN, TimeUnit.NANOSECONDS);
  }

  private CompletionStage<Void> reachAll() {
    return CompletableFuture.allOf(
        table().primaries().stream()
            .map(it -> reach(it.node()).exceptionally(unreached -> null).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  /** The table as it was last told. */
  SlotTable table() {
    SlotTable current = table;
    if (current == null) {
      throw new IllegalStateException("asked for before a node was connected to");
    }
    return current;
  }

  /** Whether there is a primary to send to. Asked from any thread. */
  boolean connected() {
    for (Member primary : primaries) {
      if (primary.connected()) {
        return true;
      }
    }
    return false;
  }

  /** Who has a slot; null where nobody has, or there is no connection yet. */
  @Nullable Member owner(int slot) {
    Node node = table().owner(slot);
    return node == null ? null : member(node);
  }

  /** A primary that is connected, now this one and now that one. */
  @Nullable Member any() {
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
  @Nullable Member redirected(String place, Member by) {
    Node node = table().redirected(place, by.node);
    return node == null ? null : member(node);
  }

  /**
   * A slot was moved.
   *
   * @param to where to, if that is known: who knows best how things are now
   */
  void moved(@Nullable Member to) {
    witness = to == null ? null : to.node;
    refreshSoon();
  }

  /** The table may be out of date. */
  void refreshSoon() {
    wanted = true;
  }

  /** To be called every now and then. */
  void tick(long now) {
    boolean whole = primaries.size() == table().primaries().size();
    for (Member primary : primaries) {
      whole &= primary.connected();
    }
    Refresh current = refresh;
    if (current != null && now - asked > ANSWER_WITHIN) {
      refresh = null;
      current = null;
      wanted = true;
    }
    if (current == null
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
    var one = new Refresh(member.node);
    refresh = one;
    member.send(List.of(one));
  }

  private void learned(SlotTable learned) {
    SlotTable before = table;
    table = learned;
    if (before == null || before.fingerprint() != learned.fingerprint()) {
      log.info("the Cluster's slots are at {}", learned.primaries());
    }
    usePrimaries();
    for (Channel channel : List.copyOf(subscribed)) {
      if (channel.isActive() && !atPrimary(channel.remoteAddress())) {
        var unused = channel.close();
      }
    }
    whenBetter.run();
  }

  private boolean atPrimary(SocketAddress address) {
    return !(address instanceof InetSocketAddress at)
        || at.getAddress() == null
        || table().primaries().stream()
            .map(Primary::node)
            .anyMatch(
                it ->
                    it.port() == at.getPort()
                        && (it.host().equals(at.getAddress().getHostAddress())
                            || it.host().equals(at.getHostString())));
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
      if (!connecting.containsKey(node)
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
        member.link.connect().whenCompleteAsync((connected, fault) -> reached(member, fault), loop);
    connecting.put(node, reached);
    return reached;
  }

  private void reached(Member member, @Nullable Throwable fault) {
    connecting.remove(member.node);
    if (fault != null) {
      unreachable.put(member.node, System.nanoTime());
      var unused = member.link.close();
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
      if (now - member.used > unusedNanos && !primaries.contains(member)) {
        members.remove(member.node);
        var unused = member.link.close();
      }
    }
  }

  Connections forSubscriptions() {
    return subscriptions;
  }

  List<Connections> forMonitors() {
    return primaries.stream().flatMap(it -> it.link.forMonitors().stream()).toList();
  }

  CompletableFuture<Void> close() {
    var all = new ArrayList<CompletableFuture<Void>>();
    all.add(subscriptions.close());
    members.values().forEach(it -> all.add(it.link.close()));
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new))
        .thenRun(
            () -> {
              var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
            });
  }

  /** Asks a node for the table. */
  private final class Refresh extends NodeCommand {
    private final Node node;
    private final CompletableFuture<Void> learned = new CompletableFuture<>();

    Refresh(Node node) {
      super(to -> to.writeBytes(CLUSTER_NODES));
      this.node = node;
    }

    @Override
    void replied(Reply reply) {
      if (reply instanceof Reply.Failure || over()) {
        learned.completeExceptionally(new IllegalStateException(node + " answered " + reply));
        return;
      }
      SlotTable told = SlotTable.parse(reply.text(), node, uri.tls());
      if (told.primaries().isEmpty()) {
        learned.completeExceptionally(new IllegalStateException(node + " knows of no slots"));
      } else {
        learned(told);
        learned.complete(null);
      }
    }

    @Override
    void lost(Throwable cause) {
      over();
      wanted = true;
      learned.completeExceptionally(cause);
    }

    /** Whether another one was asked meanwhile. */
    private boolean over() {
      boolean current = refresh == this || table == null;
      if (current) {
        refresh = null;
      }
      return !current;
    }
  }

  /** Subscribers hear everything from any node: from one that there is, at each reconnect. */
  private final class AnyPrimary extends SocketAddressResolver {
    @Override
    public SocketAddress resolve(RedisURI redisUri) {
      List<Member> connected = primaries.stream().filter(Member::connected).toList();
      if (connected.isEmpty()) {
        return super.resolve(redisUri);
      }
      Node node = connected.get(Math.floorMod(++turn, connected.size())).node;
      return new InetSocketAddress(node.host(), node.port());
    }
  }

  private final class Subscribed implements NettyCustomizer {
    @Override
    public void afterChannelInitialized(Channel channel) {
      loop.execute(() -> subscribed.add(channel));
      channel.closeFuture().addListener(closed -> subscribed.remove(channel));
    }
  }
}

package dev.larder.server.rest;

import dev.larder.redis.uri.RedisUri;
import dev.larder.redis.uri.RedisUri.Topology;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.auth.EngineAccess;
import dev.larder.server.http.auth.EngineUser;
import dev.larder.server.rest.cluster.ClusterLink;
import dev.larder.server.rest.command.CommandKeys;
import dev.larder.server.rest.engine.EngineControl;
import dev.larder.server.rest.engine.EngineFaults;
import dev.larder.server.rest.engine.EngineLimits;
import dev.larder.server.rest.engine.EngineLink;
import dev.larder.server.rest.engine.Link;
import dev.larder.server.rest.stream.Subscriptions;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one event loop: the node's own, and one for each user of the engine who came with a
 * token of his. His is connected as him, so that the engine itself decides what he may do. Beyond
 * {@value #MOST_USERS} users, the one who was away longest is disconnected until he comes back;
 * where all of them are at work, one more has to wait.
 */
final class Lanes {
  static final int MOST_USERS = 64;
  static final int MOST_CONNECTING = 16;

  /** A wrong password stays wrong for so long: to try it again would cost a connection each. */
  private static final long WRONG_FOR_MILLIS = 1_000;

  private final EventLoop loop;
  private final RedisUri uri;
  private final Link ofTheNode;
  private final ClientResources resources;
  private final EngineLimits limits;
  private final EngineControl control;
  private final AtomicInteger connections;
  private final Lane own;
  private final Map<EngineUser, CompletableFuture<Lane>> ofUsers =
      new LinkedHashMap<>(16, 0.75f, true);
  private int connecting;

  /**
   * With none of them connected.
   *
   * @param access as whom the door, and as whom the node itself speaks to the engine
   * @param resources threads and timers, which lanes do not shut down
   * @param keys by which commands find their nodes in a Cluster
   * @param control has scripts ended
   * @param connections counts those to the engine
   */
  Lanes(
      EventLoop loop,
      EngineAccess access,
      ClientResources resources,
      CommandKeys keys,
      EngineLimits limits,
      EngineControl control,
      AtomicInteger connections) {
    this.loop = loop;
    this.uri = access.door();
    this.resources = resources;
    this.limits = limits;
    this.control = control;
    this.connections = connections;
    this.own =
        lane(
            uri.topology() == Topology.CLUSTER
                ? new ClusterLink(loop, uri, keys, resources, limits, control, connections)
                : new EngineLink(loop, uri, resources, limits, control, connections));
    this.ofTheNode =
        access.apart()
            ? new EngineLink(loop, access.own(), resources, limits, control, connections)
            : own.link();
  }

  private Lane lane(Link link) {
    return new Lane(link, new Subscriptions(loop, link.forSubscriptions(), limits.budget()));
  }

  private Lane lane(EngineUser user) {
    var as =
        new RedisUri(
            uri.topology(),
            uri.nodes(),
            uri.tls(),
            Optional.of(user.name()),
            Optional.of(user.password()),
            uri.database(),
            uri.master(),
            uri.socket());
    return lane(
        own.link() instanceof ClusterLink cluster
            ? cluster.as(as)
            : new EngineLink(loop, as, resources, limits, control, connections));
  }

  /**
   * For connections of their own as the node itself, who may do what callers may not. For commands
   * it is not connected.
   */
  Link ofTheNode() {
    return ofTheNode;
  }

  Lane own() {
    return own;
  }

  /**
   * The lane of a user, connected. On the loop; fails there with an {@link HttpFault} if he cannot
   * log in, or the engine does not let him in within the budget.
   */
  CompletableFuture<Lane> of(EngineUser user) {
    CompletableFuture<Lane> known = ofUsers.get(user);
    if (known != null && !lost(known)) {
      return known;
    }
    if (known != null) {
      leave(user, known);
    }
    HttpFault full = full();
    if (full != null) {
      return CompletableFuture.failedFuture(full);
    }
    Lane lane = lane(user);
    var connected = new CompletableFuture<Lane>();
    ofUsers.put(user, connected);
    connecting++;
    var unused =
        lane.link()
            .connect()
            .toCompletableFuture()
            .orTimeout(limits.budget().toNanos(), TimeUnit.NANOSECONDS)
            .whenCompleteAsync((done, fault) -> connected(user, lane, connected, fault), loop);
    return connected;
  }

  private void connected(
      EngineUser user, Lane lane, CompletableFuture<Lane> connected, @Nullable Throwable fault) {
    connecting--;
    if (fault == null) {
      connected.complete(lane);
      return;
    }
    var unusedToo = lane.link().close();
    if (EngineFaults.isWrongPassword(fault)) {
      var unused =
          loop.schedule(
              () -> ofUsers.remove(user, connected), WRONG_FOR_MILLIS, TimeUnit.MILLISECONDS);
      connected.completeExceptionally(EngineFaults.wrongPassword(user.name()));
    } else {
      ofUsers.remove(user, connected);
      connected.completeExceptionally(EngineFaults.UNREACHABLE);
    }
  }

  /** Whether it is not connected any more, perhaps because its user's password is another now. */
  private static boolean lost(CompletableFuture<Lane> known) {
    Lane lane = connectedLane(known);
    return lane != null && lane.idle() && !lane.link().connected();
  }

  private static @Nullable Lane connectedLane(CompletableFuture<Lane> known) {
    return known.isDone() && !known.isCompletedExceptionally() ? known.join() : null;
  }

  private void leave(EngineUser user, CompletableFuture<Lane> known) {
    ofUsers.remove(user);
    var unused = known.join().link().close();
  }

  /** Why there is no room for one more user, or null where there is, perhaps by now. */
  private @Nullable HttpFault full() {
    if (connecting >= MOST_CONNECTING) {
      return new HttpFault(
          503,
          "ERR " + connecting + " users are logging in already, nothing was executed: try again");
    }
    if (ofUsers.size() < MOST_USERS) {
      return null;
    }
    for (var entry : ofUsers.entrySet()) {
      CompletableFuture<Lane> known = entry.getValue();
      Lane lane = connectedLane(known);
      if (known.isCompletedExceptionally()) {
        ofUsers.remove(entry.getKey());
        return null;
      } else if (lane != null && lane.idle()) {
        leave(entry.getKey(), known);
        return null;
      }
    }
    return new HttpFault(
        503, "ERR " + MOST_USERS + " users are at work already, nothing was executed: try again");
  }

  /** What a caller is told of why there is no lane for him. */
  static HttpFault fault(Throwable fault) {
    return fault instanceof HttpFault http
        ? http
        : fault.getCause() instanceof HttpFault http ? http : EngineFaults.of(fault);
  }

  CompletableFuture<Void> close() {
    return CompletableFuture.allOf(
        own.link().close(),
        ofTheNode == own.link() ? CompletableFuture.completedFuture(null) : ofTheNode.close(),
        CompletableFuture.allOf(
            ofUsers.values().stream()
                .map(it -> it.thenCompose(lane -> lane.link().close()).exceptionally(fault -> null))
                .toArray(CompletableFuture<?>[]::new)));
  }
}

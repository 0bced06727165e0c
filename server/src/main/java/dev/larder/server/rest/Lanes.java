package dev.larder.server.rest;

import dev.larder.redis.uri.RedisUri;
import dev.larder.redis.uri.RedisUri.Topology;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.auth.EngineUser;
import dev.larder.server.rest.cluster.ClusterLink;
import dev.larder.server.rest.command.CommandKeys;
import dev.larder.server.rest.engine.EngineFaults;
import dev.larder.server.rest.engine.EngineLimits;
import dev.larder.server.rest.engine.EngineLink;
import dev.larder.server.rest.engine.Link;
import dev.larder.server.rest.stream.Subscriptions;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of one event loop: the node's own, and one for each user of the engine who came with a
 * token of his. His is connected as him, so that the engine itself decides what he may do. Beyond
 * {@value #MOST_USERS} users, the one who was away longest is disconnected until he comes back.
 */
final class Lanes {
  private static final int MOST_USERS = 64;

  private final EventLoop loop;
  private final RedisUri uri;
  private final ClientResources resources;
  private final CommandKeys keys;
  private final EngineLimits limits;
  private final AtomicInteger connections;
  private final Lane own;
  private final Map<EngineUser, CompletableFuture<Lane>> ofUsers =
      new LinkedHashMap<>(16, 0.75f, true);

  /**
   * With none of them connected.
   *
   * @param uri the engine's, with the node's own credentials
   * @param resources threads and timers, which lanes do not shut down
   * @param keys by which commands find their nodes in a Cluster
   * @param connections counts those to the engine
   */
  Lanes(
      EventLoop loop,
      RedisUri uri,
      ClientResources resources,
      CommandKeys keys,
      EngineLimits limits,
      AtomicInteger connections) {
    this.loop = loop;
    this.uri = uri;
    this.resources = resources;
    this.keys = keys;
    this.limits = limits;
    this.connections = connections;
    this.own = lane(uri);
  }

  private Lane lane(RedisUri as) {
    Link link =
        as.topology() == Topology.CLUSTER
            ? new ClusterLink(loop, as, keys, resources, limits, connections)
            : new EngineLink(loop, as, resources, limits, connections);
    return new Lane(link, new Subscriptions(loop, link.forSubscriptions()));
  }

  Lane own() {
    return own;
  }

  /** The lane of a user, connected; fails with an {@link HttpFault} if he cannot log in. */
  CompletableFuture<Lane> of(EngineUser user) {
    CompletableFuture<Lane> known = ofUsers.get(user);
    if (known != null) {
      return known;
    }
    Lane lane =
        lane(
            new RedisUri(
                uri.topology(),
                uri.nodes(),
                uri.tls(),
                Optional.of(user.name()),
                Optional.of(user.password()),
                uri.database(),
                uri.master(),
                uri.socket()));
    CompletableFuture<Lane> connected =
        lane.link().connect().thenApply(done -> lane).toCompletableFuture();
    ofUsers.put(user, connected);
    forgetTheEldest();
    return connected
        .whenCompleteAsync(
            (it, fault) -> {
              if (fault != null && ofUsers.remove(user, connected)) {
                var unused = lane.link().close();
              }
            },
            loop)
        .exceptionallyCompose(fault -> CompletableFuture.failedFuture(refused(user, fault)));
  }

  private void forgetTheEldest() {
    if (ofUsers.size() > MOST_USERS) {
      Iterator<CompletableFuture<Lane>> eldest = ofUsers.values().iterator();
      CompletableFuture<Lane> forgotten = eldest.next();
      eldest.remove();
      var unused = forgotten.thenCompose(lane -> lane.link().close());
    }
  }

  private static HttpFault refused(EngineUser user, Throwable fault) {
    for (@Nullable Throwable cause = fault; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && message.contains("WRONGPASS")) {
        return HttpFault.badRequest(
            "ERR Wrong password or user \"" + user.name() + "\" does not exist");
      }
    }
    return EngineFaults.UNREACHABLE;
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
        CompletableFuture.allOf(
            ofUsers.values().stream()
                .map(it -> it.thenCompose(lane -> lane.link().close()).exceptionally(fault -> null))
                .toArray(CompletableFuture<?>[]::new)));
  }
}

package dev.larder.server.rest;

import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.auth.EngineUser;
import io.netty.channel.EventLoop;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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
  private final Function<RedisUri, Link> links;
  private final Lane own;
  private final Map<EngineUser, CompletableFuture<Lane>> ofUsers =
      new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param uri the engine's, with the node's own credentials
   * @param links makes a link that is not connected yet
   */
  Lanes(EventLoop loop, RedisUri uri, Function<RedisUri, Link> links) {
    this.loop = loop;
    this.uri = uri;
    this.links = links;
    this.own = lane(uri);
  }

  private Lane lane(RedisUri as) {
    Link link = links.apply(as);
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
    return new HttpFault(503, "ERR the engine cannot be reached, nothing was executed: try again");
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

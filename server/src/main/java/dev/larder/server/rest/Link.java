package dev.larder.server.rest;

import dev.larder.redis.engine.Engine;
import dev.larder.redis.uri.RedisUri;
import dev.larder.redis.uri.RedisUri.Topology;
import dev.larder.server.http.HttpFault;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One event loop's connection to the engine, or to all nodes of a Cluster. */
sealed interface Link permits EngineLink, ClusterLink {

  /**
   * A link that is not connected yet.
   *
   * @param loop on which everything happens
   * @param shared threads and timers, which links do not shut down
   * @param limits how long the engine may take, and how much may wait for it
   * @param connections counts those that stand
   */
  static Link to(
      RedisUri uri,
      Engine engine,
      EventLoop loop,
      ClientResources shared,
      RestLimits limits,
      AtomicInteger connections) {
    return uri.topology() == Topology.CLUSTER
        ? new ClusterLink(loop, uri, engine, shared, limits, connections)
        : new EngineLink(loop, uri, shared, limits, connections);
  }

  /** Connects, and goes on reconnecting from then on; fails if the engine cannot be reached now. */
  CompletionStage<Void> connect();

  /**
   * Whether commands can be sent now. Asked from any thread, it may be out of date when it is
   * answered.
   */
  boolean connected();

  /**
   * Why no command can be sent now, or null where it can: a request is refused whole, before any of
   * it is sent.
   *
   * @param more bytes of the request at hand
   */
  @Nullable HttpFault refusal(int more);

  /** Sends the commands of a request; those of a transaction with nothing in between. */
  void send(Exchange exchange, List<RestCommand> commands);

  /** All replies to an exchange are in. */
  void settled(Exchange exchange);

  /** Something hints that the engine is not the primary any more. */
  void demoted();

  /** For connections of their own on the same loop, to where all messages are heard. */
  Connections forSubscriptions();

  /** Opens a connection of its own on the same loop to every primary. */
  List<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> openToPrimaries();

  /** Leaves the engine. */
  CompletableFuture<Void> close();
}

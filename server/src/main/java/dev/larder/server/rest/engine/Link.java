package dev.larder.server.rest.engine;

import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One event loop's connection to the engine, or to all nodes of a Cluster. */
public interface Link {

  /** Connects, and goes on reconnecting from then on; fails if the engine cannot be reached now. */
  CompletionStage<Void> connect();

  /**
   * Whether commands can be sent now. Asked from any thread, it may be out of date when it is
   * answered.
   */
  boolean connected();

  /** Whether no request is under way. */
  boolean idle();

  /** Sends the commands of a request; those of a transaction with nothing in between. */
  void send(EngineRequest request);

  /** For connections of their own on the same loop, to where all messages are heard. */
  Connections forSubscriptions();

  /** Opens a connection of its own on the same loop to every primary. */
  List<CompletionStage<StatefulRedisConnection<byte[], byte[]>>> openToPrimaries();

  /** Leaves the engine. */
  CompletableFuture<Void> close();
}

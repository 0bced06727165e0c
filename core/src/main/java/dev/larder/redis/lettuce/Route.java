package dev.larder.redis.lettuce;

import dev.larder.redis.NodeId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** To which connection a call goes, and what is made of its answer. All of it on one loop. */
interface Route {

  /** Connects, and goes on reconnecting from then on; fails if that cannot be done now. */
  CompletionStage<Void> connect();

  /** Sends a call at the end of this turn of the loop, or sees to its end. */
  void start(PendingCall call);

  /** The primaries there are, as far as is known; asked from any thread. */
  List<NodeId> primaries();

  /** Sends a call to one of them. */
  void startAt(NodeId primary, PendingCall call);

  /** Ends what is under way. */
  CompletableFuture<Void> close();
}

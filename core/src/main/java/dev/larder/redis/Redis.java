package dev.larder.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * A connection to a Redis or a Valkey, or to all nodes of a Cluster, shared by all threads.
 *
 * <p><b>What fails, and how.</b> An error that Redis answers is a value, {@link Reply.Failure},
 * whose {@link FailureKind} says what to make of it. A fault of the connection is {@link
 * RedisUnavailableException} if nothing was sent, so nothing happened, or {@link
 * RedisOutcomeUnknownException} if it was sent and no answer came in time, so it may or may not
 * have been executed. As ever with stages, what is chained to one may see the fault inside a
 * CompletionException.
 *
 * <p><b>What may have been executed is never sent again.</b> What Redis refused to execute may be:
 * on a Cluster a command follows MOVED and ASK, and waits for TRYAGAIN and CLUSTERDOWN to pass, all
 * within its budget. Since a script may answer any error, its MOVED or ASK is followed only where
 * the Cluster's own table, read anew, says the same, and its other errors are answers, unless the
 * script is {@link Script#retriable()}.
 *
 * <p><b>Budgets.</b> A call is given up when its budget is used up, counted from {@code send}, with
 * everything that happens in between: waiting for a Cluster's node, following a slot, the second trip
 * of a script that Redis does not know. A budget is at least 5 ms.
 *
 * <p><b>Cancelling</b> a stage ({@code toCompletableFuture().cancel(…)}) gives the call up. It
 * never takes back what was sent.
 *
 * <p><b>Threads.</b> Stages complete on the thread that reads from Redis. What is chained to them
 * must be short and must not wait, for all calls wait with it; anything else belongs on an executor
 * ({@code thenApplyAsync}). Waiting for a stage is safe on virtual threads, and anywhere but on
 * that one.
 *
 * <p>The connection is shared, so commands that change its state or block it (SELECT, MULTI,
 * SUBSCRIBE, BLPOP…) have no place here.
 */
public interface Redis extends AutoCloseable {

  /** Sends one call. */
  CompletionStage<Reply> send(Call call);

  /**
   * Sends calls together, with one flush (on a Cluster: one for each node). Not atomic: commands of
   * others may run between them, an error does not keep those after it from running, and a call
   * that has to be sent a second time runs behind those after it.
   *
   * @return what became of each, in their order; never exceptional
   */
  CompletionStage<List<Outcome>> sendAll(List<? extends Call> calls);

  /**
   * Sends a call to every primary of a Cluster, or to the one engine.
   *
   * @param call one that concerns no key in particular, such as DBSIZE
   * @return what became of it at each of them; never exceptional
   * @throws IllegalArgumentException if it has a key
   */
  CompletionStage<Map<NodeId, Outcome>> sendToPrimaries(Call call);

  /**
   * The same connection with another budget for each call. It costs next to nothing, so it may be
   * made for a single call. To close it does nothing.
   *
   * @throws IllegalArgumentException if it is less than 5 ms
   */
  Redis within(Duration budget);

  /**
   * Closes the connection. Calls still unanswered end as {@link RedisOutcomeUnknownException}, or
   * as {@link RedisUnavailableException} if they were not sent.
   */
  @Override
  void close();
}

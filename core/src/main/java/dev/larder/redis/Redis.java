package dev.larder.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A connection to a Redis or a Valkey, shared by all threads.
 *
 * <p><b>What fails, and how.</b> An error that Redis answers is a value, {@link Reply.Failure}: the
 * stage completes normally. A fault of the connection completes it exceptionally: with {@link
 * RedisUnavailableException} if nothing was sent, so nothing happened; with {@link
 * RedisOutcomeUnknownException} if it was sent and no answer came in time, so it may or may not
 * have been executed. <b>Nothing that was sent is ever sent again by itself.</b> As ever with
 * stages, what is chained to one may see the fault inside a CompletionException.
 *
 * <p>It is shared, so commands that change its state or block it (SELECT, MULTI, SUBSCRIBE, BLPOP…)
 * have no place here. Stages may complete on the thread that reads from Redis: what is chained to
 * them must not block.
 */
public interface Redis extends AutoCloseable {

  /** Sends one command. */
  CompletionStage<Reply> send(Command command);

  /**
   * Sends commands in one trip (on a Cluster: one trip to each node, at the same time). Not atomic:
   * commands of others may run between them, and an error reply does not keep those after it from
   * running.
   *
   * @return the replies in the order of the commands, failures among them. A fault of any of them
   *     completes the whole stage: with {@link RedisUnavailableException} only if not one was sent
   */
  CompletionStage<List<Reply>> sendAll(List<Command> commands);

  /**
   * Runs a script: by its SHA-1 and, where Redis does not know it (yet, or any more), by its
   * source. A script that Redis does not know was not executed, so it still runs at most once.
   *
   * @param keys every key that the script touches; on a Cluster all in one slot
   * @param args further arguments
   */
  default CompletionStage<Reply> run(Script script, List<byte[]> keys, List<byte[]> args) {
    return send(call("EVALSHA", script.sha1(), keys, args))
        .thenCompose(
            reply ->
                reply instanceof Reply.Failure failure && failure.code().equals("NOSCRIPT")
                    ? send(call("EVAL", script.source(), keys, args))
                    : CompletableFuture.completedStage(reply));
  }

  /** The engine as it was when this connection to it was opened. */
  Engine engine();

  /**
   * Closes the connection. Commands still unanswered end as {@link RedisOutcomeUnknownException}.
   */
  @Override
  void close();

  private static Command call(String name, String script, List<byte[]> keys, List<byte[]> args) {
    Command command = Command.of(name).arg(script).arg(keys.size());
    for (byte[] key : keys) {
      command = command.key(key);
    }
    for (byte[] arg : args) {
      command = command.arg(arg);
    }
    return command;
  }
}

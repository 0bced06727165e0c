package dev.larder.redis.lettuce;

import dev.larder.redis.FailureKind;
import dev.larder.redis.NodeId;
import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.link.EngineConnection;
import dev.larder.redis.lettuce.link.LettuceOptions;
import dev.larder.redis.uri.RedisUri;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** All calls go to one engine, also to one found through Sentinels. */
final class EngineRoute implements Route, Attempt.Ended {
  private final EngineConnection connection;
  private final NodeId engine;
  private final int queueSize;

  EngineRoute(RedisUri uri, LoopThreads threads, LettuceOptions options) {
    this.connection =
        new EngineConnection(
            uri, threads.loop(), threads.resources(), options, EngineConnection.Listener.NONE);
    this.engine = new NodeId(withoutCredentials(uri).toString());
    this.queueSize = options.queueSize();
  }

  private static RedisUri withoutCredentials(RedisUri uri) {
    return new RedisUri(
        uri.topology(),
        uri.nodes(),
        uri.tls(),
        Optional.empty(),
        Optional.empty(),
        uri.database(),
        uri.master(),
        uri.socket());
  }

  @Override
  public CompletionStage<Void> connect() {
    return connection.connect();
  }

  @Override
  public void start(PendingCall call) {
    next(new Attempt(call, this));
  }

  @Override
  public void next(Attempt attempt) {
    if (connection.unanswered() >= queueSize) {
      attempt.call().fail(": " + queueSize + " calls wait for an answer already", null);
    } else {
      connection.send(attempt);
    }
  }

  @Override
  public List<NodeId> primaries() {
    return List.of(engine);
  }

  @Override
  public void startAt(NodeId primary, PendingCall call) {
    start(call);
  }

  @Override
  public void answered(Attempt attempt, Reply reply) {
    if (reply instanceof Reply.Failure failure && failure.kind() == FailureKind.READONLY) {
      connection.suspectDemotion();
    }
    attempt.call().answered(reply);
  }

  @Override
  public void lost(Attempt attempt, Throwable cause) {
    attempt.call().fail(": " + Faults.reason(cause), cause);
  }

  @Override
  public CompletableFuture<Void> close() {
    return connection.close();
  }
}

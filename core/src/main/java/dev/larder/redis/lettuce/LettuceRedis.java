package dev.larder.redis.lettuce;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.larder.LarderException;
import dev.larder.redis.Command;
import dev.larder.redis.Engine;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.RedisUri;
import dev.larder.redis.RedisUri.Topology;
import dev.larder.redis.Reply;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Transports;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Redis over TCP or a unix socket: one engine, one found through Sentinels, or a Cluster. All
 * threads share one connection to each node.
 */
public final class LettuceRedis implements Redis {
  private final AbstractRedisClient client;
  private final StatefulConnection<byte[], byte[]> connection;
  private final LettuceOptions options;
  private final Engine engine;

  private LettuceRedis(
      AbstractRedisClient client,
      StatefulConnection<byte[], byte[]> connection,
      LettuceOptions options) {
    this.client = client;
    this.connection = connection;
    this.options = options;
    this.engine = Engine.detect(this);
  }

  /**
   * Connects, and detects the engine.
   *
   * @throws RedisUnavailableException if it cannot be reached, or refuses the password
   */
  public static LettuceRedis connect(RedisUri uri) {
    return connect(uri, it -> {});
  }

  /**
   * As {@link #connect(RedisUri)}, with options: {@code connect(uri, it ->
   * it.budget(ofMillis(500)))}.
   *
   * @throws RedisUnavailableException if it cannot be reached, or refuses the password
   */
  public static LettuceRedis connect(RedisUri uri, Consumer<LettuceOptions> choice) {
    LettuceOptions options = new LettuceOptions();
    choice.accept(options);
    if (uri.socket().isPresent() && !Transports.NativeTransports.isDomainSocketSupported()) {
      throw new RedisUnavailableException(
          "cannot connect to "
              + uri
              + ": a unix socket needs Netty's native transport: put"
              + " io.netty:netty-transport-native-epoll with this machine's classifier on the class path",
          null);
    }
    ClientResources resources =
        options.resources().orElseGet(() -> LettuceClients.resources().build());
    AbstractRedisClient client =
        uri.topology() == Topology.CLUSTER
            ? LettuceClients.clusterClient(uri, resources, options)
            : LettuceClients.client(uri, resources, options);
    try {
      return new LettuceRedis(client, opened(client), options);
    } catch (RuntimeException e) {
      shutdown(client, options);
      throw new RedisUnavailableException(
          "cannot connect to " + uri + ": " + reasonOf(rootOf(e)), e);
    }
  }

  private static StatefulConnection<byte[], byte[]> opened(AbstractRedisClient client) {
    if (client instanceof RedisClusterClient cluster) {
      StatefulRedisClusterConnection<byte[], byte[]> connection =
          cluster.connect(ByteArrayCodec.INSTANCE);
      // Lettuce opens a connection to a node at its first use, and 7.x rejects the commands that
      // would have to wait for that. Replicas are opened too: any may be the primary soon.
      CompletableFuture.allOf(
              connection.getPartitions().stream()
                  .map(
                      node ->
                          connection.getConnectionAsync(
                              node.getUri().getHost(), node.getUri().getPort()))
                  .toArray(CompletableFuture<?>[]::new))
          .exceptionally(dead -> null)
          .join();
      return connection;
    }
    return ((RedisClient) client).connect(ByteArrayCodec.INSTANCE);
  }

  @Override
  public CompletionStage<Reply> send(Command command) {
    OneShot shot = new OneShot(command);
    dispatch(List.of(shot), () -> connection.dispatch(shot));
    return shot.answer();
  }

  @Override
  public CompletionStage<List<Reply>> sendAll(List<Command> commands) {
    if (commands.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    List<OneShot> shots = commands.stream().map(OneShot::new).toList();
    if (client instanceof RedisClusterClient) {
      // Its method to send many waits for connections, on the caller's thread: that may be the very
      // event loop which has to open them.
      dispatch(shots, () -> shots.forEach(connection::dispatch));
    } else {
      dispatch(shots, () -> connection.dispatch(shots));
    }
    return gathered(shots);
  }

  /** Whatever goes wrong on this side, every command ends: with what is true of it. */
  private void dispatch(List<OneShot> shots, Runnable dispatch) {
    try {
      shots.forEach(shot -> shot.watch(options.budget(), client.getResources().timer()));
      dispatch.run();
    } catch (RuntimeException e) {
      shots.forEach(shot -> shot.completeExceptionally(e));
    }
  }

  private static CompletionStage<List<Reply>> gathered(List<OneShot> shots) {
    return CompletableFuture.allOf(
            shots.stream().map(OneShot::answer).toArray(CompletableFuture<?>[]::new))
        .handle(
            (done, fault) -> {
              if (fault != null) {
                throw faultOf(shots, rootOf(fault));
              }
              return shots.stream().map(shot -> shot.answer().join()).toList();
            });
  }

  private static LarderException faultOf(List<OneShot> shots, Throwable one) {
    long open = shots.stream().filter(shot -> shot.answer().isCompletedExceptionally()).count();
    String message = open + " of " + shots.size() + " commands have no answer: " + reasonOf(one);
    return shots.stream().anyMatch(OneShot::wasSent)
        ? new RedisOutcomeUnknownException(message, one)
        : new RedisUnavailableException(message, one);
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public void close() {
    connection.close();
    shutdown(client, options);
  }

  private static void shutdown(AbstractRedisClient client, LettuceOptions options) {
    client.shutdown(0, 2, SECONDS);
    if (options.resources().isEmpty()) {
      client.getResources().shutdown(0, 2, SECONDS).syncUninterruptibly();
    }
  }

  private static String reasonOf(Throwable fault) {
    String message = fault.getMessage();
    return message == null ? fault.toString() : message;
  }

  private static Throwable rootOf(Throwable fault) {
    Throwable root = fault;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}

package dev.larder.server.rest.engine;

import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.lettuce.link.LettuceOptions;
import dev.larder.redis.uri.RedisUri;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Opens connections of Lettuce's, for what is more than a reply to each command. */
public final class Connections {
  private static final LettuceOptions OPTIONS = LettuceOptions.of(it -> {});

  private final ClientResources resources;
  private final RedisClient client;
  private final RedisURI uri;

  /**
   * Opens none yet.
   *
   * @param resources those of one loop; they are shut down with the connections
   */
  public Connections(RedisUri uri, ClientResources resources) {
    this.resources = resources;
    this.client = LettuceClients.client(uri, resources, OPTIONS);
    this.uri = lettuce(uri);
  }

  private static RedisURI lettuce(RedisUri uri) {
    return LettuceClients.uri(uri, OPTIONS);
  }

  /** To the engine, for commands. */
  public CompletionStage<StatefulRedisConnection<byte[], byte[]>> open() {
    return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
  }

  /** To another engine, for commands. */
  public CompletionStage<StatefulRedisConnection<byte[], byte[]>> open(RedisUri to) {
    return client.connectAsync(ByteArrayCodec.INSTANCE, lettuce(to));
  }

  /** To the engine, for messages. */
  public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> openPubSub() {
    return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
  }

  /** Closes all of them. */
  public CompletableFuture<Void> close() {
    return client
        .shutdownAsync(0, 2, TimeUnit.SECONDS)
        .whenComplete(
            (closed, fault) -> {
              var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
            });
  }
}

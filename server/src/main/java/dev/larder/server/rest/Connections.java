package dev.larder.server.rest;

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
final class Connections {
  private static final LettuceOptions OPTIONS = LettuceOptions.of(it -> {});

  private final ClientResources resources;
  private final RedisClient client;
  private final RedisURI uri;

  /**
   * @param resources those of one loop; they are shut down with the connections
   */
  Connections(RedisUri uri, ClientResources resources) {
    this.resources = resources;
    this.client = LettuceClients.client(uri, resources, OPTIONS);
    this.uri = lettuce(uri);
  }

  private static RedisURI lettuce(RedisUri uri) {
    return LettuceClients.uri(uri, OPTIONS);
  }

  CompletionStage<StatefulRedisConnection<byte[], byte[]>> open() {
    return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
  }

  /** To another engine. */
  CompletionStage<StatefulRedisConnection<byte[], byte[]>> open(RedisUri to) {
    return client.connectAsync(ByteArrayCodec.INSTANCE, lettuce(to));
  }

  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> openPubSub() {
    return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
  }

  CompletableFuture<Void> close() {
    return client
        .shutdownAsync(0, 2, TimeUnit.SECONDS)
        .whenComplete(
            (closed, fault) -> {
              var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
            });
  }
}

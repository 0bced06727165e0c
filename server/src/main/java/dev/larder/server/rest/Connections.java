package dev.larder.server.rest;

import dev.larder.redis.RedisUri;
import dev.larder.redis.lettuce.LettuceClients;
import dev.larder.redis.lettuce.LettuceOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Opens connections to the engine. */
final class Connections {
  private final RedisClient client;
  private final RedisURI uri;

  Connections(RedisUri uri, ClientResources resources) {
    // Unbounded, since the link bounds what waits by its bytes, and refuses whole requests rather
    // than single commands.
    var options = new LettuceOptions().queueSize(Integer.MAX_VALUE);
    this.client = LettuceClients.client(uri, resources, options);
    this.uri = LettuceClients.uris(uri, options).get(0);
  }

  CompletionStage<StatefulRedisConnection<byte[], byte[]>> open() {
    return client.connectAsync(ByteArrayCodec.INSTANCE, uri);
  }

  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> openPubSub() {
    return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, uri);
  }

  /** Whether a channel is one of these connections, and does not only ask a Sentinel where to. */
  boolean own(Channel channel) {
    return uri.toString().equals(channel.attr(ConnectionBuilder.REDIS_URI).get());
  }

  CompletableFuture<Void> close() {
    return client.shutdownAsync(0, 2, TimeUnit.SECONDS);
  }
}

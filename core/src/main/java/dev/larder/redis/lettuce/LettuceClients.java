package dev.larder.redis.lettuce;

import dev.larder.redis.RedisUri;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions.RefreshTrigger;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Lettuce's clients, set up as Larder needs them: RESP2, nothing sent twice, back quickly after an
 * outage.
 */
public final class LettuceClients {
  private LettuceClients() {}

  /** The addresses in Lettuce's form: one, or for a Cluster one for each node that was named. */
  public static List<RedisURI> uris(RedisUri uri, LettuceOptions options) {
    return switch (uri.topology()) {
      case STANDALONE ->
          List.of(
                  uri.socket()
                      .map(path -> RedisURI.Builder.socket(path))
                      .orElseGet(
                          () ->
                              RedisURI.Builder.redis(
                                  uri.nodes().get(0).host(), uri.nodes().get(0).port()))
                      .build())
              .stream()
              .map(it -> completed(it, uri, options))
              .toList();
      case SENTINEL -> {
        RedisURI.Builder builder =
            RedisURI.builder().withSentinelMasterId(uri.master().orElseThrow());
        uri.nodes().forEach(node -> builder.withSentinel(node.host(), node.port()));
        yield List.of(completed(builder.build(), uri, options));
      }
      case CLUSTER ->
          uri.nodes().stream()
              .map(node -> completed(RedisURI.create(node.host(), node.port()), uri, options))
              .toList();
    };
  }

  private static RedisURI completed(RedisURI to, RedisUri from, LettuceOptions options) {
    from.password()
        .ifPresent(
            password ->
                to.setCredentialsProvider(
                    new StaticCredentialsProvider(
                        RedisCredentials.just(from.user().orElse(null), password))));
    to.setDatabase(from.database());
    to.setSsl(from.tls());
    to.setTimeout(options.connectTimeout());
    to.getSentinels().forEach(sentinel -> sentinel.setSsl(from.tls()));
    return to;
  }

  /** Threads, timers and reconnection: at most 0.5 s between two attempts; no latency metrics. */
  public static ClientResources.Builder resources() {
    return DefaultClientResources.builder()
        .reconnectDelay(
            Delay.exponential(
                Duration.ofMillis(10), Duration.ofMillis(500), 2, TimeUnit.MILLISECONDS))
        .commandLatencyRecorder(CommandLatencyRecorder.disabled());
  }

  /** For one engine, also one behind Sentinels. */
  public static ClientOptions options(LettuceOptions options) {
    return shared(ClientOptions.builder(), options).build();
  }

  /** For a Cluster. */
  @SuppressWarnings("deprecation") // 7.x turns the triggers on by itself, 6.8 does not
  public static ClusterClientOptions clusterOptions(LettuceOptions options) {
    ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
    shared(builder, options);
    return builder
        .validateClusterNodeMembership(false)
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder()
                .enableAdaptiveRefreshTrigger(RefreshTrigger.values())
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                .enablePeriodicRefresh(Duration.ofSeconds(30))
                .build())
        .build();
  }

  private static ClientOptions.Builder shared(
      ClientOptions.Builder builder, LettuceOptions options) {
    return builder
        .protocolVersion(ProtocolVersion.RESP2)
        .autoReconnect(true)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(options.queueSize())
        .socketOptions(SocketOptions.builder().connectTimeout(options.connectTimeout()).build())
        .timeoutOptions(TimeoutOptions.create());
  }

  /** A client for one engine, also one behind Sentinels; not connected yet. */
  public static RedisClient client(
      RedisUri uri, ClientResources resources, LettuceOptions options) {
    RedisClient client = RedisClient.create(resources, uris(uri, options).get(0));
    client.setOptions(options(options));
    return client;
  }

  /** A client for a Cluster; not connected yet. */
  public static RedisClusterClient clusterClient(
      RedisUri uri, ClientResources resources, LettuceOptions options) {
    RedisClusterClient client = RedisClusterClient.create(resources, uris(uri, options));
    client.setOptions(clusterOptions(options));
    return client;
  }
}

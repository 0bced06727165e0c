package dev.larder.redis.lettuce.link;

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
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
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
      case STANDALONE -> {
        RedisURI.Builder builder =
            uri.socket()
                .map(RedisURI.Builder::socket)
                .orElseGet(
                    () ->
                        RedisURI.Builder.redis(
                            uri.nodes().get(0).host(), uri.nodes().get(0).port()));
        yield List.of(completed(builder.build(), uri, options));
      }
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

  /**
   * As {@link #resources()}, with the threads and timers of others, which are not shut down with
   * them, and connections on one event loop. {@code ClientResources.mutate()} is not used: it would
   * silently make event loops of its own, and take what is shared for its own.
   */
  public static ClientResources.Builder onLoop(EventLoop loop, ClientResources shared) {
    return resources()
        .eventLoopGroupProvider(new OneLoop(loop))
        .eventExecutorGroup(shared.eventExecutorGroup())
        .timer(shared.timer())
        .eventBus(shared.eventBus())
        .addressResolverGroup(shared.addressResolverGroup())
        .socketAddressResolver(shared.socketAddressResolver());
  }

  /**
   * For one engine, also one behind Sentinels. What decides here, by Lettuce's own source (6.8 and
   * 7.7):
   *
   * <ul>
   *   <li>When a connection breaks, {@code notifyDrainQueuedCommands} puts the commands in flight
   *       back into a buffer that is sent after the reconnect, <b>without asking the replay
   *       filter</b>. Only REJECT_COMMANDS makes it end them instead. The filter is asked only for
   *       a command that lost its connection between two checks, and then drops it without ever
   *       completing it: so none is set. Such a command was not sent; it is sent once after the
   *       reconnect, unless it is done by then.
   *   <li>A paused engine, or a cut cable, breaks no connection: commands wait in the queue of
   *       answers. One that was given up meanwhile keeps its place, so that late answers still find
   *       theirs. The queue is bounded, and refuses before anything is written.
   *   <li>Lettuce's own time limits would wrap every command, so they are off; who dispatches
   *       watches the time.
   * </ul>
   */
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
        .decodeBufferPolicy(new StatusTelling())
        .protocolVersion(ProtocolVersion.RESP2)
        // What may wait is bounded where calls are sent: Lettuce's refusal would be a fault.
        .requestQueueSize(Integer.MAX_VALUE)
        .autoReconnect(true)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .socketOptions(SocketOptions.builder().connectTimeout(options.connectTimeout()).build())
        .timeoutOptions(TimeoutOptions.create());
  }

  /** A client for one engine, also one behind Sentinels; not connected yet. */
  public static RedisClient client(
      RedisUri uri, ClientResources resources, LettuceOptions options) {
    RedisClient client = RedisClient.create(resources, uris(uri, options).get(0));
    ClientOptions chosen = options(options);
    if (uri.socket().isPresent()) {
      // Lettuce 7 sets TCP's keep-alive on unix sockets, too, and Netty warns of each.
      chosen =
          chosen
              .mutate()
              .socketOptions(chosen.getSocketOptions().mutate().keepAlive(false).build())
              .build();
    }
    client.setOptions(chosen);
    return client;
  }

  /** A client for a Cluster; not connected yet. */
  public static RedisClusterClient clusterClient(
      RedisUri uri, ClientResources resources, LettuceOptions options) {
    RedisClusterClient client = RedisClusterClient.create(resources, uris(uri, options));
    client.setOptions(clusterOptions(options));
    return client;
  }

  /**
   * Whether what a connection of these clients hands to {@code CommandOutput.set(ByteBuffer)} is a
   * status, such as OK, and not a bulk: Lettuce does not say. To be asked before anything of the
   * buffer is read.
   */
  public static boolean isStatus(ByteBuffer bytes) {
    return StatusTelling.isStatus(bytes);
  }
}

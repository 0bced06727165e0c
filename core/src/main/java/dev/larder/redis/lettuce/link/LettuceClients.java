package dev.larder.redis.lettuce.link;

import dev.larder.redis.uri.RedisUri;
import dev.larder.redis.uri.RedisUri.Topology;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Lettuce's clients, set up as Larder needs them: RESP2, nothing sent twice, back quickly after an
 * outage.
 */
public final class LettuceClients {
  private LettuceClients() {}

  /**
   * The address in Lettuce's form.
   *
   * @throws IllegalArgumentException if it is that of a Cluster, whose nodes have one each
   */
  public static RedisURI uri(RedisUri uri, LettuceOptions options) {
    if (uri.topology() == Topology.CLUSTER) {
      throw new IllegalArgumentException(
          "one engine has an address, but this is a Cluster: " + uri);
    }
    if (uri.topology() == Topology.SENTINEL) {
      RedisURI.Builder builder =
          RedisURI.builder().withSentinelMasterId(uri.master().orElseThrow());
      uri.nodes().forEach(node -> builder.withSentinel(node.host(), node.port()));
      return completed(builder.build(), uri, options);
    }
    RedisURI.Builder builder =
        uri.socket()
            .map(RedisURI.Builder::socket)
            .orElseGet(
                () -> RedisURI.Builder.redis(uri.nodes().get(0).host(), uri.nodes().get(0).port()));
    return completed(builder.build(), uri, options);
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
   *       theirs. How many may wait is bounded by who sends.
   *   <li>Lettuce's own time limits would wrap every command, so they are off; who dispatches
   *       watches the time.
   * </ul>
   */
  private static ClientOptions options(LettuceOptions options) {
    return ClientOptions.builder()
        .decodeBufferPolicy(new StatusTelling())
        .protocolVersion(ProtocolVersion.RESP2)
        // What may wait is bounded where calls are sent: Lettuce's refusal would be a fault.
        .requestQueueSize(Integer.MAX_VALUE)
        .autoReconnect(true)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .socketOptions(SocketOptions.builder().connectTimeout(options.connectTimeout()).build())
        .timeoutOptions(TimeoutOptions.create())
        .build();
  }

  /** A client for one engine, also one behind Sentinels; not connected yet. */
  public static RedisClient client(
      RedisUri uri, ClientResources resources, LettuceOptions options) {
    RedisClient client = RedisClient.create(resources, uri(uri, options));
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

  /** Whether an error stands for a string beyond {@link LettuceOptions#longestString}. */
  public static boolean isTooLong(String error) {
    return error.startsWith(ReplyFormat.TOO_LONG);
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

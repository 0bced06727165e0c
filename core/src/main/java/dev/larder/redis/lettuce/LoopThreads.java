package dev.larder.redis.lettuce;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.lettuce.link.LettuceOptions;
import dev.larder.redis.uri.RedisUri;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Transports;
import io.lettuce.core.resource.Transports.NativeTransports;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The event loop on which everything of one Redis happens, and the threads and timers around it.
 */
final class LoopThreads implements AutoCloseable {
  private final ClientResources resources;
  private final boolean own;
  private final EventLoopGroup group;
  private final EventLoop loop;

  LoopThreads(RedisUri uri, LettuceOptions options) {
    this.own = options.resources().isEmpty();
    this.resources = options.resources().orElseGet(() -> LettuceClients.resources().build());
    Class<? extends EventLoopGroup> transport =
        uri.socket().isPresent()
            ? NativeTransports.eventLoopGroupClass(true)
            : Transports.eventLoopGroupClass();
    this.group = resources.eventLoopGroupProvider().allocate(transport);
    this.loop = group.next();
  }

  EventLoop loop() {
    return loop;
  }

  /** Not to be used for connections as they are: their loops are not {@link #loop()}. */
  ClientResources resources() {
    return resources;
  }

  /**
   * Waits for what happens on the loop.
   *
   * @throws RedisUnavailableException if it takes longer
   * @throws ExecutionException if it fails
   */
  static void await(CompletionStage<?> stage, Duration longest) throws ExecutionException {
    try {
      stage.toCompletableFuture().get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new RedisUnavailableException("not within " + longest.toMillis() + " ms", null);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailableException("this thread was interrupted", null);
    }
  }

  /** Waits for their end, unless one of them asks for it. */
  @Override
  public void close() {
    if (!own) {
      var unused = resources.eventLoopGroupProvider().release(group, 0, 2, SECONDS);
      return;
    }
    Future<Boolean> ended = resources.shutdown(0, 2, SECONDS);
    if (!loop.inEventLoop()) {
      ended.syncUninterruptibly();
    }
  }
}

package dev.larder.server.rest.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.server.http.EventStream;
import dev.larder.server.rest.engine.Connections;
import dev.larder.server.rest.engine.EngineFaults;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All subscribers of one event loop, served by one connection to the engine: it subscribes to a
 * channel for the first of them and unsubscribes behind the last. Lettuce subscribes again after an
 * outage.
 */
public final class Subscriptions {
  private static final byte[] COMMA = ",".getBytes(UTF_8);
  private static final byte[] FIRST = ",1".getBytes(UTF_8);

  private final EventLoop loop;
  private final Connections connections;
  private final Duration budget;
  private final Map<Topic, Map<EventStream, Subscriber>> subscribers = new HashMap<>();
  private @Nullable CompletableFuture<StatefulRedisPubSubConnection<byte[], byte[]>> connection;

  /**
   * With no subscriber yet.
   *
   * @param connections where the one to the engine is opened when it is needed
   * @param budget how long the engine may take to subscribe
   */
  public Subscriptions(EventLoop loop, Connections connections, Duration budget) {
    this.loop = loop;
    this.connections = connections;
    this.budget = budget;
  }

  /** What is subscribed to: a channel by its name, or all channels that fit a pattern. */
  public record Topic(boolean pattern, ByteBuffer name) {
    /** A channel, or a pattern of channels. */
    public static Topic of(boolean pattern, byte[] name) {
      return new Topic(pattern, ByteBuffer.wrap(name));
    }

    byte[] bytes() {
      var bytes = new byte[name.remaining()];
      name.duplicate().get(bytes);
      return bytes;
    }
  }

  /**
   * Begins {@code stream} with the confirmation that it is subscribed, and sends what is published
   * there from then on; fails it where that cannot be done within the budget.
   */
  void add(Topic topic, EventStream stream) {
    // Known from now on, so that the last one before does not unsubscribe behind this one's back.
    var subscriber = new Subscriber(stream);
    subscribers.computeIfAbsent(topic, none -> new LinkedHashMap<>()).put(stream, subscriber);
    var unused =
        connected()
            .thenCompose(
                it ->
                    topic.pattern()
                        ? it.async().psubscribe(topic.bytes())
                        : it.async().subscribe(topic.bytes()))
            .toCompletableFuture()
            .orTimeout(budget.toNanos(), TimeUnit.NANOSECONDS)
            .whenCompleteAsync((done, fault) -> subscribed(topic, subscriber, fault), loop);
  }

  private void subscribed(Topic topic, Subscriber subscriber, @Nullable Throwable fault) {
    if (fault != null) {
      subscriber.stream.fail(EngineFaults.unreachable(fault));
    } else if (subscribers.containsKey(topic)) {
      subscriber.confirmed = true;
      subscriber.stream.begin();
      subscriber.stream.send(
          (topic.pattern() ? "psubscribe," : "subscribe,").getBytes(UTF_8), topic.bytes(), FIRST);
    } else {
      // Its caller left meanwhile, and nobody else came.
      unsubscribe(topic);
    }
  }

  /** Sends nothing more to {@code stream}. */
  void remove(Topic topic, EventStream stream) {
    Map<EventStream, Subscriber> of = subscribers.get(topic);
    if (of == null) {
      return;
    }
    Subscriber left = of.remove(stream);
    if (of.isEmpty()) {
      subscribers.remove(topic);
      if (left != null && left.confirmed) {
        unsubscribe(topic);
      }
    }
  }

  private void unsubscribe(Topic topic) {
    var unused =
        connected()
            .thenCompose(
                it ->
                    topic.pattern()
                        ? it.async().punsubscribe(topic.bytes())
                        : it.async().unsubscribe(topic.bytes()));
  }

  private CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connected() {
    if (connection == null || connection.isCompletedExceptionally()) {
      connection =
          connections
              .openPubSub()
              .whenComplete(
                  (it, fault) -> {
                    if (it != null) {
                      it.addListener(new Listener());
                    }
                  })
              .toCompletableFuture();
    }
    return connection;
  }

  private void publish(Topic topic, byte[]... event) {
    Map<EventStream, Subscriber> of = subscribers.get(topic);
    if (of != null) {
      // One who is cut off leaves the map while it is walked.
      for (Subscriber subscriber : List.copyOf(of.values())) {
        if (subscriber.confirmed) {
          subscriber.stream.send(event);
        }
      }
    }
  }

  private static final class Subscriber {
    final EventStream stream;
    boolean confirmed;

    Subscriber(EventStream stream) {
      this.stream = stream;
    }
  }

  private final class Listener extends RedisPubSubAdapter<byte[], byte[]> {
    @Override
    public void message(byte[] channel, byte[] message) {
      publish(Topic.of(false, channel), "message,".getBytes(UTF_8), channel, COMMA, message);
    }

    @Override
    public void message(byte[] pattern, byte[] channel, byte[] message) {
      publish(
          Topic.of(true, pattern),
          "pmessage,".getBytes(UTF_8),
          pattern,
          COMMA,
          channel,
          COMMA,
          message);
    }
  }
}

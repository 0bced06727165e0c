package dev.larder.server.rest.stream;

import dev.larder.server.http.Call;
import dev.larder.server.http.EventStream;
import dev.larder.server.http.memory.ByteBudget;
import dev.larder.server.rest.engine.Link;
import dev.larder.server.rest.stream.Subscriptions.Topic;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The streams of one event loop that are open. */
public final class Streams {
  private final Vertx vertx;
  private final ByteBudget budget;
  private final List<EventStream> open = new ArrayList<>();

  /**
   * With none open yet.
   *
   * @param budget of all answers
   */
  public Streams(Vertx vertx, ByteBudget budget) {
    this.vertx = vertx;
    this.budget = budget;
  }

  /**
   * Answers with what is published to a topic from now on.
   *
   * @param whenOver is run once, when the stream is over
   */
  public void subscribe(Call call, Topic topic, Subscriptions subscriptions, Runnable whenOver) {
    call.family("pubsub");
    EventStream stream =
        open(
            call,
            it -> {
              subscriptions.remove(topic, it);
              whenOver.run();
            });
    subscriptions.add(topic, stream);
    stream.watch();
  }

  /**
   * Answers with every command that the engine runs from now on.
   *
   * @param whenOver is run once, when the stream is over
   */
  public void monitor(Call call, Link link, Runnable whenOver) {
    call.family("monitor");
    var started = new Monitor[1];
    EventStream stream =
        open(
            call,
            it -> {
              started[0].stop();
              whenOver.run();
            });
    started[0] = Monitor.start(link.openToPrimaries(), stream);
    stream.watch();
  }

  private EventStream open(Call call, Consumer<EventStream> whenOver) {
    var holder = new EventStream[1];
    holder[0] =
        new EventStream(
            vertx,
            call,
            budget,
            () -> {
              open.remove(holder[0]);
              whenOver.accept(holder[0]);
            });
    open.add(holder[0]);
    return holder[0];
  }

  /** Ends them all, which would never end by themselves. */
  public void end() {
    List.copyOf(open).forEach(EventStream::end);
  }
}

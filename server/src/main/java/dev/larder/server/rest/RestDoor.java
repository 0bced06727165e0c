package dev.larder.server.rest;

import dev.larder.redis.RedisUri;
import dev.larder.server.http.Access;
import dev.larder.server.http.AccessLog;
import dev.larder.server.http.Body;
import dev.larder.server.http.Call;
import dev.larder.server.http.Door;
import dev.larder.server.http.EventStream;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.Metrics;
import dev.larder.server.http.Token;
import dev.larder.server.http.Tokens;
import dev.larder.server.rest.Exchange.Kind;
import dev.larder.server.rest.RestCommand.Role;
import dev.larder.server.rest.Subscriptions.Topic;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Redis over REST, for one event loop: authenticates, reads commands out of a request, has them
 * judged and translated, and sends them to the engine.
 */
public final class RestDoor implements Door {
  private static final CommandRule TRANSACTION =
      new CommandRule("EXEC", "transaction", CommandRule.Treatment.NONE, null, false, false);

  private final Vertx vertx;
  private final Tokens tokens;
  private final RestLimits limits;
  private final Metrics metrics;
  private final AccessLog log;
  private final Link link;
  private final Guard guard;
  private final Subscriptions subscriptions;
  private final List<EventStream> streams = new ArrayList<>();
  private final String syncPrefix = HexFormat.of().toHexDigits(new SecureRandom().nextInt()) + '-';
  private long syncCount;

  /**
   * A door that is not open yet.
   *
   * @param loop the event loop on which requests come in
   * @param guard judges commands, for all event loops
   */
  public RestDoor(
      Vertx vertx,
      EventLoop loop,
      RedisUri uri,
      Guard guard,
      Tokens tokens,
      RestLimits limits,
      Metrics metrics,
      AccessLog log) {
    this.vertx = vertx;
    this.tokens = tokens;
    this.limits = limits;
    this.metrics = metrics;
    this.log = log;
    this.link = Link.to(uri, guard.engine(), loop, limits, metrics.engineConnections());
    this.guard = guard;
    this.subscriptions = new Subscriptions(loop, link.forSubscriptions());
  }

  /** Connects to the engine; fails if it cannot be reached. */
  public CompletionStage<Void> open() {
    return link.connect();
  }

  /** Whether the engine can be reached. */
  public boolean connected() {
    return link.connected();
  }

  /** Ends the streams, which would never end by themselves. */
  public void endStreams() {
    List.copyOf(streams).forEach(EventStream::end);
  }

  /** Leaves the engine. */
  public CompletableFuture<Void> close() {
    return link.close();
  }

  @Override
  public void handle(HttpServerRequest request) {
    var call = new Call(request, "rest", metrics, log);
    try {
      HttpMethod method = request.method();
      boolean bodied = carriesBody(method);
      if (!bodied && !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
        request.response().putHeader("allow", "GET, HEAD, POST, PUT");
        throw new HttpFault(
            405, "ERR method " + method + " is not allowed: use GET, HEAD, POST or PUT");
      }
      Token token = tokens.of(request);
      if (bodied) {
        Body.read(
            call, limits.requestBytes(), (data, length) -> guarded(call, token, data, length));
      } else {
        guarded(call, token, new byte[0], 0);
      }
    } catch (HttpFault fault) {
      call.fail(fault);
    }
  }

  private void guarded(Call call, Token token, byte[] data, int length) {
    try {
      read(call, token, data, length);
    } catch (HttpFault fault) {
      call.fail(fault);
    }
  }

  private void read(Call call, Token token, byte[] data, int length) {
    HttpServerRequest request = call.request();
    String uri = request.uri();
    String path = request.path();
    boolean posted = carriesBody(request.method());
    if (posted && path.equals("/")) {
      run(call, token, Kind.SINGLE, JsonCommands.one(data, length));
    } else if (path.equals("/pipeline") || path.equals("/multi-exec")) {
      if (!posted) {
        throw new HttpFault(405, "ERR " + path + " takes POST with a JSON array of commands");
      }
      run(
          call,
          token,
          path.equals("/pipeline") ? Kind.PIPELINE : Kind.TRANSACTION,
          JsonCommands.many(data, length, limits.pipelineCommands()));
    } else if (path.startsWith("/subscribe/") || path.startsWith("/psubscribe/")) {
      subscribe(call, PathCommand.read(uri, new byte[0]));
    } else if (path.equals("/monitor")) {
      monitor(call, token);
    } else {
      run(call, token, Kind.SINGLE, PathCommand.read(uri, java.util.Arrays.copyOf(data, length)));
    }
  }

  private void run(Call call, Token token, Kind kind, CommandBatch batch) {
    var exchange =
        new Exchange(
            call,
            kind,
            batch,
            base64(call.request()),
            metrics.reads(token.name()),
            syncToken(),
            link);
    HttpFault refusal = link.refusal(batch.data().length);
    if (refusal != null) {
      throw refusal;
    }
    var commands = new ArrayList<RestCommand>(batch.size() + 2);
    if (kind == Kind.TRANSACTION) {
      commands.add(new RestCommand(exchange, 0, TRANSACTION, Role.MULTI));
    }
    for (int i = 0; i < batch.size(); i++) {
      CommandRule rule = guard.rule(batch, i);
      String why = guard.refusal(rule, batch, i, token.access());
      if (why == null) {
        var command =
            new RestCommand(
                exchange, i, rule, kind == Kind.TRANSACTION ? Role.QUEUED : Role.ELEMENT);
        guard.translate(command);
        commands.add(command);
      } else if (kind == Kind.PIPELINE) {
        exchange.refuse(i, why);
      } else {
        call.family(rule.family());
        throw HttpFault.badRequest(why);
      }
    }
    call.family(family(kind, commands));
    if (kind == Kind.TRANSACTION) {
      commands.add(new RestCommand(exchange, 0, TRANSACTION, Role.EXEC));
    }
    exchange.expect(commands.size());
    if (!commands.isEmpty()) {
      link.send(exchange, commands);
    }
  }

  private static String family(Kind kind, List<RestCommand> commands) {
    return switch (kind) {
      case SINGLE -> commands.get(0).rule().family();
      case PIPELINE -> "pipeline";
      case TRANSACTION -> "transaction";
    };
  }

  private void subscribe(Call call, CommandBatch batch) {
    if (batch.arity(0) != 2) {
      throw HttpFault.badRequest(
          "ERR one channel for each request: /subscribe/<channel> or /psubscribe/<pattern>");
    }
    if (!link.connected()) {
      throw link.refusal(0);
    }
    call.family("pubsub");
    Topic topic = Topic.of(batch.is(0, 0, "PSUBSCRIBE"), batch.bytes(0, 1));
    var stream = stream(call, it -> subscriptions.remove(topic, it));
    subscriptions
        .add(topic, stream)
        .whenComplete(
            (added, fault) -> {
              if (fault != null) {
                stream.end();
              }
            });
  }

  private void monitor(Call call, Token token) {
    if (token.access() != Access.READ_WRITE) {
      throw HttpFault.badRequest(
          "NOPERM this user has no permissions to run the 'monitor' command: the token is read-only");
    }
    if (!link.connected()) {
      throw link.refusal(0);
    }
    call.family("monitor");
    var started = new Monitor[1];
    var stream = stream(call, it -> started[0].stop());
    started[0] = Monitor.start(link.forMonitors(), stream);
  }

  private EventStream stream(Call call, java.util.function.Consumer<EventStream> whenOver) {
    var holder = new EventStream[1];
    holder[0] =
        new EventStream(
            vertx,
            call,
            () -> {
              streams.remove(holder[0]);
              whenOver.accept(holder[0]);
            });
    streams.add(holder[0]);
    return holder[0];
  }

  private static boolean carriesBody(HttpMethod method) {
    return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT);
  }

  private static boolean base64(HttpServerRequest request) {
    String encoding = request.headers().get("upstash-encoding");
    return encoding != null && encoding.equalsIgnoreCase("base64");
  }

  private String syncToken() {
    return syncPrefix + Long.toString(++syncCount, 36);
  }
}

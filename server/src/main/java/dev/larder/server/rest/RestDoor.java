package dev.larder.server.rest;

import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.redis.uri.RedisUri;
import dev.larder.server.http.AccessLog;
import dev.larder.server.http.Body;
import dev.larder.server.http.Call;
import dev.larder.server.http.Door;
import dev.larder.server.http.EventStream;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.Json;
import dev.larder.server.http.Metrics;
import dev.larder.server.http.auth.Access;
import dev.larder.server.http.auth.EngineUser;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.rest.Exchange.Kind;
import dev.larder.server.rest.RestCommand.Role;
import dev.larder.server.rest.Subscriptions.Topic;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Redis over REST, for one event loop: authenticates, reads commands out of a request, has them
 * judged and translated, and sends them to the engine.
 */
public final class RestDoor implements Door {
  private static final CharSequence ENCODING = HttpHeaders.createOptimized("upstash-encoding");
  private static final CharSequence FORMAT = HttpHeaders.createOptimized("upstash-response-format");
  private static final CommandRule TRANSACTION =
      new CommandRule("EXEC", "transaction", CommandRule.Treatment.NONE, null, false, false);

  private final Vertx vertx;
  private final Tokens tokens;
  private final RestLimits limits;
  private final Metrics metrics;
  private final AccessLog log;
  private final ClientResources resources;
  private final Lanes lanes;
  private final Guard guard;
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
    this.resources = LettuceClients.resources().build();
    this.lanes =
        new Lanes(
            loop,
            uri,
            as ->
                Link.to(as, guard.engine(), loop, resources, limits, metrics.engineConnections()));
    this.guard = guard;
  }

  /** Connects to the engine; fails if it cannot be reached. */
  public CompletionStage<Void> open() {
    return lanes.own().link().connect();
  }

  /** Whether the engine can be reached. */
  public boolean connected() {
    return lanes.own().link().connected();
  }

  /** Ends the streams, which would never end by themselves. */
  public void endStreams() {
    List.copyOf(streams).forEach(EventStream::end);
  }

  /** Leaves the engine. */
  public CompletableFuture<Void> close() {
    return lanes
        .close()
        .whenComplete(
            (closed, fault) -> {
              var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
            });
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
    if (token.user() == null) {
      guarded(call, token, lanes.own(), data, length);
    } else {
      var unused =
          lanes
              .of(token.user())
              .whenComplete(
                  (lane, fault) -> {
                    if (fault == null) {
                      guarded(call, token, lane, data, length);
                    } else {
                      call.fail(loggedOut(fault));
                    }
                  });
    }
  }

  private void guarded(Call call, Token token, Lane lane, byte[] data, int length) {
    try {
      read(call, token, lane, data, length);
    } catch (HttpFault fault) {
      call.fail(fault);
    }
  }

  /** What was a right password when the token was made may be a wrong one now. */
  private static HttpFault loggedOut(Throwable fault) {
    HttpFault cause = fault(fault);
    return cause.status() == 400 ? new HttpFault(401, cause.sentence()) : cause;
  }

  private static HttpFault fault(Throwable fault) {
    return fault instanceof HttpFault http
        ? http
        : fault.getCause() instanceof HttpFault http ? http : EngineLink.fault(fault);
  }

  private void read(Call call, Token token, Lane lane, byte[] data, int length) {
    HttpServerRequest request = call.request();
    String uri = request.uri();
    String path = request.path();
    boolean posted = carriesBody(request.method());
    if (posted && path.equals("/")) {
      run(call, token, lane, Kind.SINGLE, JsonCommands.one(data, length));
    } else if (path.equals("/pipeline") || path.equals("/multi-exec")) {
      if (!posted) {
        throw new HttpFault(405, "ERR " + path + " takes POST with a JSON array of commands");
      }
      run(
          call,
          token,
          lane,
          path.equals("/pipeline") ? Kind.PIPELINE : Kind.TRANSACTION,
          JsonCommands.many(data, length, limits.pipelineCommands()));
    } else if (path.startsWith("/subscribe/") || path.startsWith("/psubscribe/")) {
      subscribe(call, lane, PathCommand.read(uri, new byte[0]));
    } else if (path.equals("/monitor")) {
      monitor(call, token, lane);
    } else {
      run(
          call,
          token,
          lane,
          Kind.SINGLE,
          PathCommand.read(uri, java.util.Arrays.copyOf(data, length)));
    }
  }

  private void run(Call call, Token token, Lane lane, Kind kind, CommandBatch batch) {
    if (kind == Kind.SINGLE
        && batch.is(0, 0, "ACL")
        && batch.arity(0) > 1
        && batch.is(0, 1, "RESTTOKEN")) {
      userToken(call, batch);
      return;
    }
    Link link = lane.link();
    var exchange =
        new Exchange(
            call,
            kind,
            batch,
            form(call.request(), kind),
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

  /** {@code ACL RESTTOKEN user password}: a token as whose bearer the engine sees that user. */
  private void userToken(Call call, CommandBatch batch) {
    if (batch.arity(0) != 4) {
      throw HttpFault.badRequest("ERR wrong number of arguments for 'acl|resttoken' command");
    }
    call.family("acl");
    var user = new EngineUser(batch.text(0, 2), batch.text(0, 3));
    var unused =
        lanes
            .of(user)
            .whenComplete(
                (lane, fault) -> {
                  if (fault == null) {
                    byte[] body = Json.bytes(Map.of("result", tokens.tokenOf(user)));
                    call.json(200, body, body.length);
                  } else {
                    call.fail(fault(fault));
                  }
                });
  }

  private static String family(Kind kind, List<RestCommand> commands) {
    return switch (kind) {
      case SINGLE -> commands.get(0).rule().family();
      case PIPELINE -> "pipeline";
      case TRANSACTION -> "transaction";
    };
  }

  private void subscribe(Call call, Lane lane, CommandBatch batch) {
    if (batch.arity(0) != 2) {
      throw HttpFault.badRequest(
          "ERR one channel for each request: /subscribe/<channel> or /psubscribe/<pattern>");
    }
    if (!lane.link().connected()) {
      throw lane.link().refusal(0);
    }
    call.family("pubsub");
    Topic topic = Topic.of(batch.is(0, 0, "PSUBSCRIBE"), batch.bytes(0, 1));
    var stream = stream(call, it -> lane.subscriptions().remove(topic, it));
    lane.subscriptions()
        .add(topic, stream)
        .whenComplete(
            (added, fault) -> {
              if (fault != null) {
                stream.end();
              }
            });
  }

  private void monitor(Call call, Token token, Lane lane) {
    if (token.access() != Access.READ_WRITE) {
      throw HttpFault.badRequest(
          "NOPERM this user has no permissions to run the 'monitor' command: the token is read-only");
    }
    if (!lane.link().connected()) {
      throw lane.link().refusal(0);
    }
    call.family("monitor");
    var started = new Monitor[1];
    var stream = stream(call, it -> started[0].stop());
    started[0] = Monitor.start(lane.link().openToPrimaries(), stream);
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

  /** The form that a request asks for its answer. */
  private static Replies form(HttpServerRequest request, Kind kind) {
    String encoding = request.headers().get(ENCODING);
    boolean base64 = encoding != null && encoding.equalsIgnoreCase("base64");
    String format = request.headers().get(FORMAT);
    if (format == null) {
      return new JsonReplies(base64);
    }
    if (!format.equalsIgnoreCase("resp2")) {
      throw HttpFault.badRequest(
          "ERR unknown response format '" + format + "': the only one beside JSON is resp2");
    }
    if (base64) {
      throw HttpFault.badRequest("ERR the response format resp2 cannot be encoded in base64");
    }
    if (kind == Kind.TRANSACTION) {
      throw HttpFault.badRequest("ERR the response format resp2 is not available for multi-exec");
    }
    return new Resp2Replies();
  }

  private String syncToken() {
    return syncPrefix + Long.toString(++syncCount, 36);
  }
}

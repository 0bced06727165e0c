package dev.larder.server.rest;

import dev.larder.redis.lettuce.link.LettuceClients;
import dev.larder.server.http.AccessLog;
import dev.larder.server.http.Body;
import dev.larder.server.http.Call;
import dev.larder.server.http.Door;
import dev.larder.server.http.HttpFault;
import dev.larder.server.http.Metrics;
import dev.larder.server.http.Routes;
import dev.larder.server.http.auth.Access;
import dev.larder.server.http.auth.EngineAccess;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.http.memory.ByteBudget;
import dev.larder.server.http.memory.MemoryLimits;
import dev.larder.server.rest.RestCommand.Role;
import dev.larder.server.rest.command.CommandRule;
import dev.larder.server.rest.command.Commands;
import dev.larder.server.rest.command.EngineCommands;
import dev.larder.server.rest.engine.EngineControl;
import dev.larder.server.rest.engine.EngineFaults;
import dev.larder.server.rest.engine.Link;
import dev.larder.server.rest.reply.Replies;
import dev.larder.server.rest.request.BatchKind;
import dev.larder.server.rest.request.CommandBatch;
import dev.larder.server.rest.request.JsonCommands;
import dev.larder.server.rest.request.PathCommand;
import dev.larder.server.rest.stream.Streams;
import dev.larder.server.rest.stream.Subscriptions.Topic;
import io.lettuce.core.resource.ClientResources;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Redis over REST, for one event loop: authenticates, reads commands out of a request, has them
 * judged and translated, and sends them to the engine.
 */
public final class RestDoor {
  private final Tokens tokens;
  private final RestLimits limits;
  private final MemoryLimits memory;
  private final Metrics metrics;
  private final AccessLog log;
  private final ClientResources resources;
  private final Lanes lanes;
  private final EngineCommands commands;
  private final AclTokens aclTokens;
  private final Streams streams;
  private final SyncTokens syncTokens = new SyncTokens();

  /** A request whose caller is known and whose body has come. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Incoming(
      Call call, Token token, Lane lane, byte[] data, int length, ByteBudget.Share share) {
    boolean posted() {
      return carriesBody(call.request().method());
    }
  }

  /** What is done with a request at one of the door's paths. */
  @FunctionalInterface
  private interface Handler {
    void handle(Incoming in);
  }

  /**
   * A door that is not open yet.
   *
   * @param loop the event loop on which requests come in
   * @param control has scripts ended, for all event loops
   * @param commands those of the engine, for all event loops
   * @param memory of the whole node
   */
  public RestDoor(
      Vertx vertx,
      EventLoop loop,
      EngineAccess access,
      EngineControl control,
      EngineCommands commands,
      Tokens tokens,
      RestLimits limits,
      MemoryLimits memory,
      Metrics metrics,
      AccessLog log) {
    this.tokens = tokens;
    this.limits = limits;
    this.memory = memory;
    this.metrics = metrics;
    this.log = log;
    this.resources = LettuceClients.resources().build();
    this.lanes =
        new Lanes(
            loop,
            access,
            resources,
            commands.keys(),
            limits.engine(),
            control,
            metrics.engineConnections());
    this.commands = commands;
    this.aclTokens =
        new AclTokens(
            tokens,
            new PasswordCheck(loop, lanes.own().link().forSubscriptions(), limits.engine()));
    this.streams = new Streams(vertx, memory.answers());
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
    streams.end();
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

  /** Adds its paths, the last of which takes all that no other does. */
  public Routes addTo(Routes routes) {
    return routes
        .at("/pipeline", door(in -> many(in, BatchKind.PIPELINE)))
        .at("/multi-exec", door(in -> many(in, BatchKind.TRANSACTION)))
        .at("/", door(this::one))
        .under("/subscribe/", door(this::subscribe))
        .under("/psubscribe/", door(this::subscribe))
        .at("/monitor", door(this::monitor))
        .under("/", door(this::path));
  }

  private Door door(Handler handler) {
    return request -> {
      var call = new Call(request, "rest", metrics, log);
      try {
        HttpMethod method = request.method();
        boolean bodied = carriesBody(method);
        if (!bodied && !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
          throw call.methodNotAllowed();
        }
        Token token = tokens.of(request);
        syncTokens.give(request.response());
        if (bodied) {
          Body.read(
              call,
              limits.requestBytes(),
              memory.requests(),
              (data, length, share) -> inLane(handler, call, token, data, length, share));
        } else {
          inLane(handler, call, token, new byte[0], 0, memory.requests().share());
        }
      } catch (HttpFault fault) {
        call.fail(fault);
      }
    };
  }

  private void inLane(
      Handler handler, Call call, Token token, byte[] data, int length, ByteBudget.Share share) {
    if (token.user() == null) {
      handle(handler, new Incoming(call, token, lanes.own(), data, length, share));
      return;
    }
    var unused =
        lanes
            .of(token.user())
            .whenComplete(
                (lane, fault) -> {
                  if (fault == null) {
                    handle(handler, new Incoming(call, token, lane, data, length, share));
                  } else {
                    share.giveBack();
                    call.fail(loggedOut(fault));
                  }
                });
  }

  private static void handle(Handler handler, Incoming in) {
    try {
      handler.handle(in);
    } catch (HttpFault fault) {
      in.share().giveBack();
      in.call().fail(fault);
    } catch (RuntimeException | Error e) {
      in.share().giveBack();
      throw e;
    }
  }

  /** What was a right password when the token was made may be a wrong one now. */
  private static HttpFault loggedOut(Throwable fault) {
    HttpFault cause = Lanes.fault(fault);
    return cause.status() == 400 ? new HttpFault(401, cause.sentence()) : cause;
  }

  private void one(Incoming in) {
    if (in.posted()) {
      run(in, BatchKind.SINGLE, JsonCommands.one(in.data(), in.length(), in.share()));
    } else {
      path(in);
    }
  }

  private void many(Incoming in, BatchKind kind) {
    if (!in.posted()) {
      throw new HttpFault(
          405, "ERR " + in.call().request().path() + " takes POST with a JSON array of commands");
    }
    run(in, kind, JsonCommands.many(in.data(), in.length(), limits.pipelineCommands(), in.share()));
  }

  private void path(Incoming in) {
    String uri = in.call().request().uri();
    run(in, BatchKind.SINGLE, PathCommand.read(uri, in.data(), in.length(), in.share()));
  }

  private void run(Incoming in, BatchKind kind, CommandBatch batch) {
    Call call = in.call();
    if (kind == BatchKind.SINGLE && AclTokens.asks(batch)) {
      in.share().giveBack();
      aclTokens.answer(call, in.token(), batch);
      return;
    }
    Link link = in.lane().link();
    var exchange =
        new Exchange(
            call,
            kind,
            batch,
            Replies.asked(call.request(), kind, memory),
            in.share(),
            metrics.reads(in.token().name()));
    needsEngine(link);
    Commands known = commands.now();
    var judged = new ArrayList<RestCommand>(batch.size() + 2);
    if (kind == BatchKind.TRANSACTION) {
      judged.add(new RestCommand(exchange, 0, CommandRule.TRANSACTION, Role.MULTI));
    }
    for (int i = 0; i < batch.size(); i++) {
      CommandRule rule = known.guard().rule(batch, i);
      if (rule.isUnknown()) {
        commands.missed();
      }
      String why = known.guard().refusal(rule, batch, i, in.token().access());
      if (why == null) {
        var command =
            new RestCommand(
                exchange, i, rule, kind == BatchKind.TRANSACTION ? Role.QUEUED : Role.ELEMENT);
        known.translator().translate(command);
        judged.add(command);
      } else if (kind == BatchKind.PIPELINE) {
        exchange.refuse(i, why);
      } else {
        call.family(rule.family());
        throw HttpFault.badRequest(why);
      }
    }
    call.family(family(kind, judged));
    if (kind == BatchKind.TRANSACTION) {
      judged.add(new RestCommand(exchange, 0, CommandRule.TRANSACTION, Role.EXEC));
    }
    exchange.send(judged, link);
  }

  private static String family(BatchKind kind, List<RestCommand> commands) {
    return switch (kind) {
      case SINGLE -> commands.get(0).rule().family();
      case PIPELINE -> "pipeline";
      case TRANSACTION -> "transaction";
    };
  }

  private void subscribe(Incoming in) {
    in.share().giveBack();
    CommandBatch batch = PathCommand.read(in.call().request().uri());
    if (batch.arity(0) != 2) {
      throw HttpFault.badRequest(
          "ERR one channel for each request: /subscribe/<channel> or /psubscribe/<pattern>");
    }
    needsEngine(in.lane().link());
    Topic topic = Topic.of(batch.is(0, 0, "PSUBSCRIBE"), batch.bytes(0, 1));
    in.lane().streamBegan();
    streams.subscribe(in.call(), topic, in.lane().subscriptions(), () -> in.lane().streamEnded());
  }

  private void monitor(Incoming in) {
    in.share().giveBack();
    if (in.token().access() != Access.READ_WRITE) {
      throw HttpFault.badRequest(
          "NOPERM this user has no permissions to run the 'monitor' command: the token is read-only");
    }
    needsEngine(in.lane().link());
    Link link = in.token().user() == null ? lanes.ofTheNode() : in.lane().link();
    in.lane().streamBegan();
    streams.monitor(in.call(), link, () -> in.lane().streamEnded());
  }

  /** A request is refused whole, before any of it is sent. */
  private static void needsEngine(Link link) {
    if (!link.connected()) {
      throw EngineFaults.UNREACHABLE;
    }
  }

  private static boolean carriesBody(HttpMethod method) {
    return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT);
  }
}

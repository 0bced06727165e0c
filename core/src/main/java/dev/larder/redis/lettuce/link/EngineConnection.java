package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.Reply;
import dev.larder.redis.uri.RedisUri;
import dev.larder.redis.uri.RedisUri.Node;
import dev.larder.redis.uri.RedisUri.Topology;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ConnectionBuilder;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to one engine, also to one found through Sentinels, that comes back by itself.
 * Everything happens on one event loop, from which alone it may be used where nothing else is said.
 *
 * <p>Commands go to Lettuce's channel rather than to its connection: what the connection would add
 * (a queue for replaying commands after an outage, a promise for each of them) is what must not
 * happen here. All commands of a turn of the loop go out with one flush at its end.
 */
public final class EngineConnection {
  private static final Logger log = LoggerFactory.getLogger(EngineConnection.class);

  /** An engine that is silent for so many budgets, and so long, is taken for gone. */
  private static final int SILENT_BUDGETS = 3;

  private static final Duration LEAST_SILENCE = Duration.ofSeconds(5);
  private static final byte[] ROLE = "*1\r\n$4\r\nROLE\r\n".getBytes(US_ASCII);
  private static final long BETWEEN_DOUBTS = Duration.ofMillis(100).toNanos();
  private static final Duration LONGEST_DOUBT = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final boolean behindSentinels;
  private final Duration silence;
  private final Duration patience;
  private final int longestString;
  private final Listener listener;
  private final ClientResources resources;
  private final RedisClient client;
  private final RedisURI uri;
  private List<WireCommand> turn = new ArrayList<>();
  private volatile @Nullable Channel channel;
  private @Nullable Fuse fuse;
  private volatile boolean closing;
  private boolean lost;
  private int unanswered;
  private boolean doubting;
  private long doubted;

  /** Hears, on the loop, how a connection fares. */
  public interface Listener {
    /** Does nothing. */
    Listener NONE =
        new Listener() {
          @Override
          public void connected() {}

          @Override
          public void disconnected() {}
        };

    /** Commands can be sent, for the first time or again. */
    void connected();

    /** Nothing can be sent for now. */
    void disconnected();
  }

  /**
   * A connection that is not opened yet.
   *
   * @param loop on which everything happens
   * @param shared threads and timers; its event loops are not used
   * @param options how long opening it may take; an engine that is silent for three budgets, and at
   *     least 5 s, is connected to anew
   */
  public EngineConnection(
      RedisUri uri,
      EventLoop loop,
      ClientResources shared,
      LettuceOptions options,
      Listener listener) {
    this.loop = loop;
    this.listener = listener;
    this.longestString = options.longestString();
    this.behindSentinels = uri.topology() == Topology.SENTINEL;
    Duration budget = options.budget();
    this.silence = Collections.max(List.of(budget.multipliedBy(SILENT_BUDGETS), LEAST_SILENCE));
    this.patience = Collections.min(List.of(budget, LONGEST_DOUBT));
    this.resources =
        LettuceClients.onLoop(loop, shared)
            .nettyCustomizer(new Tap(shared.nettyCustomizer()))
            .build();
    this.client = LettuceClients.client(uri, resources, options);
    ClientOptions chosen = client.getOptions();
    client.setOptions(
        chosen
            .mutate()
            .decodeBufferPolicy(new NothingUnsolicited(chosen.getDecodeBufferPolicy()))
            // Nothing is ever taken from the midst of the commands that wait for a reply.
            .useHashIndexQueue(false)
            .build());
    this.uri = LettuceClients.uri(uri, options);
  }

  /**
   * Connects, and goes on reconnecting from then on; from any thread.
   *
   * @return fails with Lettuce's exception if it cannot connect now
   */
  public CompletionStage<Void> connect() {
    // On the loop, for what is connected there cannot have failed before Lettuce listens: from
    // another thread it would miss why an engine refused, if that was faster than itself.
    return CompletableFuture.completedFuture(uri)
        .thenComposeAsync(to -> client.connectAsync(ByteArrayCodec.INSTANCE, to), loop)
        .thenAccept(connected -> {});
  }

  /**
   * Whether commands can be sent now. Asked from any other thread, it may be out of date when it is
   * answered.
   */
  public boolean connected() {
    Channel current = channel;
    return current != null && current.isActive();
  }

  /** How many commands have no reply yet, those that nobody waits for any more included. */
  public int unanswered() {
    return unanswered;
  }

  /**
   * Sends a command at the end of this turn of the loop. If that cannot be done after all, it ends
   * with {@link NotConnected}, later in this turn.
   */
  public void send(WireCommand command) {
    if (turn.isEmpty()) {
      loop.execute(this::flush);
    }
    turn.add(command);
    unanswered++;
    command.countedBy(this);
  }

  /** As {@link #send(WireCommand)}, in this order and with nothing in between. */
  public void send(List<? extends WireCommand> commands) {
    commands.forEach(this::send);
  }

  private void flush() {
    List<WireCommand> commands = turn;
    turn = new ArrayList<>(commands.size());
    Channel current = channel;
    boolean connected = current != null && current.isActive();
    commands.removeIf(command -> !(connected && command.wanted()) && notSent(command));
    if (current == null || commands.isEmpty()) {
      return;
    }
    // With a void promise, which hands a failed write to the fuse.
    var unused = current.write(commands, current.voidPromise());
    current.flush();
    Throwable fault = fuse == null ? null : fuse.blownBy();
    if (fault != null) {
      // Some may not have got to where they would be failed with the connection.
      commands.forEach(command -> command.completeExceptionally(fault));
    }
  }

  private static boolean notSent(WireCommand command) {
    return command.completeExceptionally(new NotConnected());
  }

  /** A command ended. */
  void answered() {
    unanswered--;
  }

  /**
   * Something hints that the engine is not the primary any more. Behind Sentinels it is asked, for
   * a script may hint what it likes. If it is not, the connection is opened anew, to the one that
   * the Sentinels name; if it does not say, as where a script keeps it busy, only if they name
   * another.
   */
  public void suspectDemotion() {
    long now = System.nanoTime();
    if (behindSentinels && !doubting && now - doubted > BETWEEN_DOUBTS) {
      doubting = true;
      doubted = now;
      var role = new Role();
      send(role);
      var unused =
          loop.schedule(() -> askSentinelsUnless(role), patience.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void askSentinelsUnless(Role answered) {
    if (!answered.isDone()) {
      askSentinels();
    }
  }

  private void askSentinels() {
    Channel current = channel;
    var unused =
        client
            .connectSentinelAsync(ByteArrayCodec.INSTANCE, uri)
            .thenCompose(
                sentinel ->
                    sentinel
                        .async()
                        .getMasterAddrByName(uri.getSentinelMasterId().getBytes(UTF_8))
                        .whenComplete(
                            (named, fault) -> {
                              var unusedToo = sentinel.closeAsync();
                            }))
            .whenCompleteAsync(
                (named, fault) -> {
                  doubting = false;
                  if (named != null
                      && current != null
                      && current == channel
                      && !isAt(named, current.remoteAddress())) {
                    reopen();
                  }
                },
                loop);
  }

  private static boolean isAt(SocketAddress named, SocketAddress connected) {
    return named instanceof InetSocketAddress name
        && connected instanceof InetSocketAddress end
        && new Node(name.getHostString(), name.getPort()).isAt(end);
  }

  private void reopen() {
    Channel current = channel;
    if (current != null) {
      Fuse.close(current);
    }
  }

  /** Leaves the engine; from any thread. */
  public CompletableFuture<Void> close() {
    closing = true;
    return client
        .shutdownAsync(0, 2, TimeUnit.SECONDS)
        .whenComplete(
            (done, fault) -> {
              var unused = resources.shutdown(0, 2, TimeUnit.SECONDS);
            });
  }

  private final class Role extends ReplyCommand {
    @Override
    public void encode(ByteBuf to) {
      to.writeBytes(ROLE);
    }

    @Override
    protected void replied(Reply reply) {
      if (!(reply instanceof Reply.Array role) || role.elements().isEmpty()) {
        askSentinels();
        return;
      }
      doubting = false;
      if (!role.elements().get(0).text().equals("master")) {
        // Not at once: Lettuce is in the midst of decoding.
        loop.execute(EngineConnection.this::reopen);
      }
    }

    @Override
    protected void lost(Throwable cause) {
      doubting = false;
    }
  }

  /** Learns which channel is the connection's, as channels come and go, and guards it. */
  private final class Tap implements NettyCustomizer {
    private final NettyCustomizer before;

    Tap(NettyCustomizer before) {
      this.before = before;
    }

    @Override
    public void afterBootstrapInitialized(Bootstrap bootstrap) {
      before.afterBootstrapInitialized(bootstrap);
    }

    @Override
    public void afterChannelInitialized(Channel initialized) {
      before.afterChannelInitialized(initialized);
      // Others only ask a Sentinel where to.
      if (uri.toString().equals(initialized.attr(ConnectionBuilder.REDIS_URI).get())) {
        ChannelPipeline pipeline = initialized.pipeline();
        ChannelHandlerContext decoder = pipeline.context(CommandHandler.class);
        var fuse = new Fuse(decoder);
        pipeline.addFirst(new ReadTimeout(silence));
        // Behind TLS, where there is TLS.
        pipeline.addBefore(decoder.name(), null, new ReplyFormat(longestString));
        pipeline.addBefore(decoder.name(), null, fuse);
        // Behind them all: it hears of a connection when its handshake is done.
        pipeline.addLast(new Watch(fuse));
      }
    }
  }

  private final class Watch extends ChannelInboundHandlerAdapter {
    private final Fuse own;

    Watch(Fuse own) {
      this.own = own;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable fault) {
      own.blow(fault);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
      fuse = own;
      channel = context.channel();
      if (lost) {
        lost = false;
        log.info("connected to the engine again");
      }
      listener.connected();
      super.channelActive(context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
      if (channel == context.channel()) {
        channel = null;
        if (!closing) {
          lost = true;
          log.warn("the connection to the engine is gone");
        }
        listener.disconnected();
      }
      super.channelInactive(context);
    }
  }
}

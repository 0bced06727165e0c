package dev.larder.redis.lettuce.link;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Reply;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RealRedis;
import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class EngineConnectionTest {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private final AtomicInteger connects = new AtomicInteger();
  private final AtomicInteger disconnects = new AtomicInteger();
  private final Saboteur saboteur = new Saboteur();
  private ClientResources resources;
  private EventLoop loop;
  private EngineConnection connection;

  /** What befalls a connection, once. */
  private enum Mishap {
    NONE,
    /** As when there is no memory for the bytes that came. */
    BYTES_LOST_IN_THE_DECODER,
    ERROR_AT_A_READ,
    EXCEPTION_AT_A_READ,
    ERROR_AT_A_WRITE,
    EXCEPTION_AT_A_WRITE,
    EXCEPTION_AT_A_FLUSH,
    /** Behind the place where Lettuce has noted down who waits for a reply. */
    ERROR_BETWEEN_THE_QUEUE_AND_THE_WIRE,
    EXCEPTION_IN_THE_MIDST_OF_A_COMMAND,
    ERROR_IN_THE_MIDST_OF_A_COMMAND,
    ERROR_WHILE_A_REPLY_IS_TAKEN,
    BYTES_THAT_ARE_NO_REPLY,
    A_REPLY_TOO_MANY,
    A_REPLY_WITHOUT_ITS_LAST_BYTES
  }

  @BeforeEach
  @SuppressWarnings("deprecation") // the loop of both of Netty's lines
  void connect() {
    resources =
        LettuceClients.resources()
            .nettyCustomizer(
                new NettyCustomizer() {
                  @Override
                  public void afterChannelInitialized(Channel channel) {
                    channel.pipeline().addFirst(saboteur.atTheWire());
                    channel
                        .pipeline()
                        .addBefore(
                            channel.pipeline().context(CommandHandler.class).name(),
                            null,
                            saboteur.atTheQueue());
                  }
                })
            .build();
    EventLoopGroup group =
        resources
            .eventLoopGroupProvider()
            .allocate(io.lettuce.core.resource.Transports.eventLoopGroupClass());
    loop = group.next();
    connection =
        new EngineConnection(
            RedisUri.parse(redis.uri()),
            loop,
            resources,
            LettuceOptions.of(it -> {}),
            new EngineConnection.Listener() {
              @Override
              public void connected() {
                connects.incrementAndGet();
              }

              @Override
              public void disconnected() {
                disconnects.incrementAndGet();
              }
            });
    join(connection.connect().toCompletableFuture());
  }

  @AfterEach
  void close() throws Exception {
    join(connection.close());
    resources.shutdown(0, 2, SECONDS).get(10, SECONDS);
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"NONE", "A_REPLY_TOO_MANY"})
  void noFaultGivesACommandTheReplyToAnotherAndTheConnectionComesBack(Mishap mishap) {
    var all = new ArrayList<Echo>();
    for (int round = 0; round < 2; round++) {
      saboteur.next = mishap;
      // Two replies at once, then others a while later: by then a connection on which two replies
      // were lost, and one of them noticed, takes each for the one before.
      List<Echo> first = List.of(echo(mishap), echo(mishap));
      List<Echo> later =
          List.of(new Echo("BLPOP", "nothing", "0.1"), echo(Mishap.NONE), echo(Mishap.NONE));
      all.addAll(first);
      all.addAll(later);
      onLoop(() -> first.forEach(connection::send));
      onLoop(() -> connection.send(later));
      var last = echo(Mishap.NONE);
      all.add(last);
      await().until(() -> later.stream().allMatch(it -> it.outcome.isDone()));
      onLoop(() -> connection.send(last));
      int seen = round;
      await()
          .untilAsserted(
              () -> {
                var probe = echo(Mishap.NONE);
                onLoop(() -> connection.send(probe));
                assertThat(probe.reply()).isEqualTo(probe.own());
                assertThat(disconnects).hasValueGreaterThan(seen);
              });
    }
    for (Echo echo : all) {
      await().until(() -> echo.outcome.isDone());
      if (!echo.outcome.isCompletedExceptionally()) {
        assertThat(echo.outcome.join()).isEqualTo(echo.own());
      }
    }
    assertThat(all.stream().filter(it -> it.outcome.isCompletedExceptionally())).isNotEmpty();
    assertThat(connects.get()).isEqualTo(disconnects.get() + 1);
    var unanswered = new CompletableFuture<Integer>();
    onLoop(() -> unanswered.complete(connection.unanswered()));
    assertThat(join(unanswered)).isZero();
  }

  @Test
  void aReplyThatNobodyWaitsForDoesNotAnswerTheNextCommand() {
    saboteur.next = Mishap.A_REPLY_TOO_MANY;
    var answered = echo(Mishap.NONE);
    onLoop(() -> connection.send(answered));
    assertThat(answered.reply()).isEqualTo(answered.own());
    await().until(() -> disconnects.get() == 1);
    await().until(connection::connected);
    var next = echo(Mishap.NONE);
    onLoop(() -> connection.send(next));
    assertThat(next.reply()).isEqualTo(next.own());
  }

  @Test
  void whatCannotBeSentEndsAsNotConnected() {
    redis.process().pause();
    try {
      saboteur.next = Mishap.ERROR_AT_A_WRITE;
      var sent = echo(Mishap.NONE);
      onLoop(() -> connection.send(sent));
      assertThatThrownBy(sent::reply).hasCauseInstanceOf(AssertionError.class);
      assertThat(connection.connected()).isFalse();
      var refused = echo(Mishap.NONE);
      onLoop(() -> connection.send(refused));
      assertThatThrownBy(refused::reply).hasCauseInstanceOf(NotConnected.class);
    } finally {
      redis.process().resume();
    }
    await().until(connection::connected);
  }

  @Test
  void commandsOfOneTurnGoOutWithOneFlush() {
    int before = saboteur.flushes.get();
    var many = new ArrayList<Echo>();
    onLoop(
        () -> {
          for (int i = 0; i < 100; i++) {
            var one = echo(Mishap.NONE);
            many.add(one);
            connection.send(one);
          }
          assertThat(connection.unanswered()).isEqualTo(100);
        });
    many.forEach(it -> assertThat(it.reply()).isEqualTo(it.own()));
    assertThat(saboteur.flushes).hasValue(before + 1);
  }

  private void onLoop(Runnable task) {
    join(CompletableFuture.runAsync(task, loop));
  }

  private static <T> T join(CompletableFuture<T> future) {
    return future.orTimeout(60, SECONDS).join();
  }

  private int count;

  private Echo echo(Mishap mishap) {
    return new Echo(mishap, "ECHO", "payload-" + ++count);
  }

  /** A command whose own reply is known. */
  private final class Echo extends ReplyCommand {
    final CompletableFuture<Reply> outcome = new CompletableFuture<>();
    private final Mishap mishap;
    private final String[] words;

    Echo(String... words) {
      this(Mishap.NONE, words);
    }

    Echo(Mishap mishap, String... words) {
      this.mishap = mishap;
      this.words = words;
    }

    Reply own() {
      return words.length == 2 ? new Reply.Bulk(words[1].getBytes(US_ASCII)) : new Reply.Nil();
    }

    Reply reply() {
      return join(outcome);
    }

    @Override
    public void encode(ByteBuf to) {
      to.writeCharSequence("*" + words.length + "\r\n", US_ASCII);
      if (mishap == Mishap.EXCEPTION_IN_THE_MIDST_OF_A_COMMAND && saboteur.strikes(mishap)) {
        throw new IllegalStateException("staged");
      }
      if (mishap == Mishap.ERROR_IN_THE_MIDST_OF_A_COMMAND && saboteur.strikes(mishap)) {
        throw new AssertionError("staged");
      }
      for (String word : words) {
        to.writeCharSequence("$" + word.length() + "\r\n" + word + "\r\n", US_ASCII);
      }
    }

    @Override
    public void complete(int depth) {
      if (saboteur.strikes(Mishap.ERROR_WHILE_A_REPLY_IS_TAKEN)) {
        throw new AssertionError("staged");
      }
    }

    @Override
    protected void replied(Reply reply) {
      outcome.complete(reply);
    }

    @Override
    protected void lost(Throwable cause) {
      outcome.completeExceptionally(cause);
    }
  }

  /** Brings mishaps about, each once. */
  private static final class Saboteur {
    final AtomicInteger flushes = new AtomicInteger();
    volatile Mishap next = Mishap.NONE;

    boolean strikes(Mishap mishap) {
      if (mishap == Mishap.NONE || next != mishap) {
        return false;
      }
      next = Mishap.NONE;
      return true;
    }

    private void fail(Mishap error, Mishap exception, Object message) {
      if (strikes(error)) {
        ReferenceCountUtil.release(message);
        throw new AssertionError("staged");
      }
      if (strikes(exception)) {
        ReferenceCountUtil.release(message);
        throw new IllegalStateException("staged");
      }
    }

    ChannelDuplexHandler atTheWire() {
      return new ChannelDuplexHandler() {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
          fail(Mishap.ERROR_AT_A_READ, Mishap.EXCEPTION_AT_A_READ, message);
          ByteBuf bytes = (ByteBuf) message;
          if (strikes(Mishap.BYTES_THAT_ARE_NO_REPLY)) {
            bytes.setByte(bytes.readerIndex(), '#');
          } else if (strikes(Mishap.A_REPLY_TOO_MANY)) {
            bytes = Unpooled.wrappedBuffer(bytes, Unpooled.copiedBuffer("+OK\r\n", US_ASCII));
          } else if (strikes(Mishap.A_REPLY_WITHOUT_ITS_LAST_BYTES)) {
            bytes.writerIndex(bytes.writerIndex() - 4);
          }
          context.fireChannelRead(bytes);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
          fail(Mishap.ERROR_AT_A_WRITE, Mishap.EXCEPTION_AT_A_WRITE, message);
          var unused = context.write(message, promise);
        }

        @Override
        public void flush(ChannelHandlerContext context) {
          flushes.incrementAndGet();
          if (strikes(Mishap.EXCEPTION_AT_A_FLUSH)) {
            throw new IllegalStateException("staged");
          }
          context.flush();
        }
      };
    }

    ChannelDuplexHandler atTheQueue() {
      return new ChannelDuplexHandler() {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
          context.fireChannelRead(
              strikes(Mishap.BYTES_LOST_IN_THE_DECODER)
                  ? new Unreadable((ByteBuf) message)
                  : message);
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
          fail(Mishap.ERROR_BETWEEN_THE_QUEUE_AND_THE_WIRE, Mishap.NONE, message);
          var unused = context.write(message, promise);
        }
      };
    }
  }

  /** Bytes that nothing can be read from, as if there were no memory to copy them to. */
  private static final class Unreadable extends UnpooledHeapByteBuf {
    Unreadable(ByteBuf bytes) {
      super(UnpooledByteBufAllocator.DEFAULT, bytes.readableBytes(), bytes.readableBytes());
      writerIndex(bytes.readableBytes());
      bytes.release();
    }

    @Override
    public boolean hasArray() {
      throw new OutOfMemoryError("staged");
    }

    @Override
    public ByteBuf getBytes(int index, ByteBuf to, int at, int length) {
      throw new OutOfMemoryError("staged");
    }
  }
}

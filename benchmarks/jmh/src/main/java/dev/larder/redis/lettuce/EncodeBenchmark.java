package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import dev.larder.redis.Command;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to write {@code SET key value EX 60} into a buffer. In this package because what
 * does it is not public.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EncodeBenchmark {
  private final byte[] key = "key:000000004711".getBytes(US_ASCII);
  private final byte[] value = new byte[64];
  private final ByteBuf buffer = Unpooled.directBuffer(1024);
  private final io.lettuce.core.protocol.Command<byte[], byte[], byte[]> lettuce =
      new io.lettuce.core.protocol.Command<>(
          CommandType.SET,
          new ByteArrayOutput<>(ByteArrayCodec.INSTANCE),
          new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(key).addValue(value).add("EX").add(60));
  private @Nullable Attempt ours;

  /** Makes our command and checks that both write the same bytes. */
  @Setup
  public void prepare() {
    Command command = Command.of("SET").key(key).arg(value).arg("EX").arg(60);
    ours =
        new Attempt(new PendingCall(command, Duration.ofSeconds(1), new Nobody(), 0), new Nobody());
    ByteBuf written = Unpooled.copiedBuffer(larder());
    if (!written.equals(lettuce())) {
      throw new IllegalStateException("ours was " + written.toString(US_ASCII));
    }
  }

  /** Ours. */
  @Benchmark
  public ByteBuf larder() {
    requireNonNull(ours).encode(buffer.clear());
    return buffer;
  }

  /** Lettuce's. */
  @Benchmark
  public ByteBuf lettuce() {
    lettuce.encode(buffer.clear());
    return buffer;
  }

  /** No answer comes. */
  private static final class Nobody implements PendingCall.Receiver, Attempt.Ended {
    @Override
    public void answered(int index, Reply reply) {}

    @Override
    public void notSent(int index, RedisUnavailableException fault) {}

    @Override
    public void unknown(int index, RedisOutcomeUnknownException fault) {}

    @Override
    public boolean isDone() {
      return false;
    }

    @Override
    public void answered(Attempt attempt, Reply reply) {}

    @Override
    public void lost(Attempt attempt, Throwable cause) {}
  }
}

package dev.larder.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.Command;
import dev.larder.redis.lettuce.link.RequestFormat;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
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

/** What it costs to write {@code SET key value EX 60} into a buffer. */
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
  private final Command ours = Command.of("SET").key(key).arg(value).arg("EX").arg(60);

  /** Checks that both write the same bytes. */
  @Setup
  public void prepare() {
    ByteBuf written = Unpooled.copiedBuffer(larder());
    if (!written.equals(lettuce())) {
      throw new IllegalStateException("ours was " + written.toString(US_ASCII));
    }
  }

  /** Ours. */
  @Benchmark
  public ByteBuf larder() {
    RequestFormat.command(buffer.clear(), ours.words());
    return buffer;
  }

  /** Lettuce's. */
  @Benchmark
  public ByteBuf lettuce() {
    lettuce.encode(buffer.clear());
    return buffer;
  }
}

package dev.larder.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.Command;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a command costs before a byte of it is sent: {@code SET key value EX 60}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommandBenchmark {
  private static final Command BEGINNING = Command.of("SET");

  private final byte[] key = "key:000000004711".getBytes(US_ASCII);
  private final byte[] value = new byte[64];

  /** Ours, built. */
  @Benchmark
  public Command build() {
    return BEGINNING.key(key).arg(value).arg("EX").arg(60);
  }

  /** Lettuce's, built. */
  @Benchmark
  public io.lettuce.core.protocol.Command<byte[], byte[], byte[]> buildLettuce() {
    return new io.lettuce.core.protocol.Command<>(
        CommandType.SET,
        new ByteArrayOutput<>(ByteArrayCodec.INSTANCE),
        new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(key).addValue(value).add("EX").add(60));
  }
}

package dev.larder.benchmarks.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.larder.redis.Slot;
import io.lettuce.core.cluster.SlotHash;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The slot of a key, without and with a hash tag. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SlotBenchmark {
  /** The key. */
  @Param({"key:000000004711", "shop:{customer-4711}:basket"})
  public String key = "";

  private byte[] bytes = {};

  /** Makes the key's bytes. */
  @Setup
  public void encode() {
    bytes = key.getBytes(US_ASCII);
  }

  /** Ours. */
  @Benchmark
  public int larder() {
    return Slot.of(bytes);
  }

  /** Lettuce's. */
  @Benchmark
  public int lettuce() {
    return SlotHash.getSlot(bytes);
  }
}

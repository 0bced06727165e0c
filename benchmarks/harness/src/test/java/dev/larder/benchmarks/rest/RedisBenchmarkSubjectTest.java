package dev.larder.benchmarks.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.benchmarks.process.BenchException;
import org.junit.jupiter.api.Test;

class RedisBenchmarkSubjectTest {
  private static final String HEAD =
      "\"test\",\"rps\",\"avg_latency_ms\",\"min_latency_ms\",\"p50_latency_ms\",\"p95_latency_ms\",\"p99_latency_ms\",\"max_latency_ms\"\n";

  @Test
  void readsRateAndP99OfGet() {
    String csv =
        HEAD
            + "\"GET\",\"961538.44\",\"0.725\",\"0.168\",\"0.623\",\"1.335\",\"3.327\",\"4.527\"\n";
    assertThat(RedisBenchmarkSubject.parse(csv))
        .isEqualTo(new RedisBenchmarkSubject.Result(961_538.44, 0.623, 3.327));
  }

  @Test
  void showsAnOutputThatItCannotRead() {
    assertThatThrownBy(() -> RedisBenchmarkSubject.parse(HEAD))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("p99_latency_ms");
  }
}

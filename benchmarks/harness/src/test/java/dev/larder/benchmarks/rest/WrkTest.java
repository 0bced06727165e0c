package dev.larder.benchmarks.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.larder.benchmarks.process.BenchException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WrkTest {
  private static final String OUTPUT =
      """
      Running 6s test @ http://127.0.0.1:7393
        1 threads and 64 connections
        Thread Stats   Avg      Stdev     Max   +/- Stdev
          Latency     1.36ms  320.77us   6.07ms   74.13%
          Req/Sec    46.62k     3.92k   52.80k    99.00%
        Latency Distribution
           50%    1.34ms
           75%    1.53ms
           90%    1.73ms
           99%    2.24ms
        278319 requests in 6.01s, 94.23MB read
      Requests/sec:  46343.76
      Transfer/sec:     15.69MB
      """;

  @Test
  void readsRequestsRateAndPercentiles() {
    assertThat(Wrk.parse(OUTPUT)).isEqualTo(new Wrk.Result(278_319, 46_343.76, 1.34, 2.24));
  }

  @ParameterizedTest(name = "{0} is {1} ms")
  @CsvSource({"400.00us, 0.4", "2.24ms, 2.24", "1.20s, 1200", "1.05m, 63000"})
  void readsEveryUnitOfTime(String printed, double millis) {
    assertThat(Wrk.parse(OUTPUT.replace("2.24ms", printed)).p99Millis())
        .isCloseTo(millis, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Non-2xx or 3xx responses: 1",
        "Socket errors: connect 0, read 1, write 0, timeout 0"
      })
  void failsWhenAnyRequestFailed(String line) {
    assertThatThrownBy(
            () -> Wrk.parse(OUTPUT.replace("Requests/sec", "  " + line + "\nRequests/sec")))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining(line);
  }

  @Test
  void failsWhenNothingWasAnswered() {
    assertThatThrownBy(() -> Wrk.parse(OUTPUT.replace("278319", "0")))
        .hasMessage("no request was answered under load");
  }

  @Test
  void showsAnOutputThatItCannotRead() {
    assertThatThrownBy(() -> Wrk.parse("unable to connect"))
        .isInstanceOf(BenchException.class)
        .hasMessageEndingWith("unable to connect");
  }
}

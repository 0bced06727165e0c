package dev.larder.benchmarks.driver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DriverTest {
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void end() {
    loop.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"closed 1", "closed 16", "closed 256", "open 2000"})
  void measuresAClientThatAnswersRightly(String load) throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Client client =
        (key, answer) -> {
          calls.incrementAndGet();
          loop.execute(() -> answer.accept(valueOf(key), null));
        };

    Result result = Result.parse(said(client, "measure uniform-64 " + load + " 200").get(1));

    assertThat(result.answered()).isEqualTo(calls.get()).isPositive();
    assertThat(result.nanos()).isPositive();
    assertThat(result.p99Nanos()).isGreaterThanOrEqualTo(result.p50Nanos()).isPositive();
  }

  @Test
  void aClosedLoopNeverHasMoreInFlightThanAsked() throws Exception {
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Client client =
        (key, answer) -> {
          most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
          loop.execute(
              () -> {
                inFlight.decrementAndGet();
                answer.accept(valueOf(key), null);
              });
        };

    said(client, "measure uniform-64 closed 16 100");

    assertThat(most).hasValue(16);
  }

  @Test
  void anOpenLoopChargesAClientThatStandsStillForAllWhoComeMeanwhile() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    // The first call holds up its caller, and with it all that are due in this half of a second.
    Client client =
        (key, answer) -> {
          if (calls.getAndIncrement() == 0) {
            awaitHalfASecond();
          }
          loop.execute(() -> answer.accept(valueOf(key), null));
        };

    Result result = Result.parse(said(client, "measure uniform-64 open 1000 1000").get(1));

    assertThat(result.answered()).isEqualTo(1_000);
    assertThat(result.p99Nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"closed 16", "open 1000"})
  void aWrongAnswerFailsTheMeasurementAndIsNamed(String load) throws Exception {
    Client client = (key, answer) -> loop.execute(() -> answer.accept(new byte[] {1}, null));
    assertThat(said(client, "measure uniform-64 " + load + " 200").get(1))
        .startsWith("failed the answer to GET key:")
        .endsWith(" was a value of 1 bytes, not its own");
  }

  @Test
  void aFaultFailsTheMeasurementAndTheNextOneIsMeasured() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Client client =
        (key, answer) ->
            loop.execute(
                () -> {
                  if (calls.getAndIncrement() == 0) {
                    answer.accept(null, new IOException("reset"));
                  } else {
                    answer.accept(valueOf(key), null);
                  }
                });
    String line = "measure uniform-64 closed 1 50";

    List<String> said = said(client, line + "\n" + line);

    assertThat(said.get(1)).startsWith("failed").endsWith("was java.io.IOException: reset");
    assertThat(Result.parse(said.get(2)).answered()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "measure", "measure normal-1 open 1 1", "measure zipf-64 shut 1 1", "quit"})
  void whatItDoesNotUnderstandFails(String line) throws Exception {
    Client none = (key, answer) -> answer.accept(null, null);
    List<String> said = said(none, line);
    assertThat(said.get(0)).startsWith("ready ").contains(Runtime.version().toString());
    assertThat(said.get(1)).startsWith("failed ");
  }

  private void awaitHalfASecond() {
    try {
      loop.schedule(() -> {}, 500, TimeUnit.MILLISECONDS).get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] valueOf(byte[] key) {
    int number = Integer.parseInt(new String(key, US_ASCII).substring(4));
    return DataSet.named("uniform-64").value(number).getBytes(US_ASCII);
  }

  private static List<String> said(Client client, String lines) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Driver.serve(
        client,
        new ByteArrayInputStream((lines + "\n").getBytes(UTF_8)),
        new PrintStream(out, true, UTF_8));
    return out.toString(UTF_8).lines().toList();
  }
}

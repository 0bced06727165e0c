package dev.larder.testwatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunningTestsTest {
  private long seconds;
  private final RunningTests tests = new RunningTests(() -> SECONDS.toNanos(seconds));
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final Watchdog watchdog = new Watchdog(tests, new PrintStream(printed, true, UTF_8));

  @Test
  void tellsWhatHasStartedAndNotEndedAndForHowLong() {
    assertThat(tests).hasToString("no test");
    tests.start("class", "CartTest");
    seconds = 1;
    tests.start("one", "CartTest.empties");
    tests.start("two", "CartTest.fills");
    seconds = 3;
    assertThat(tests.end("one")).isEqualTo(Duration.ofSeconds(2));
    assertThat(tests.end("one")).isZero();
    seconds = 31;
    assertThat(tests).hasToString("CartTest for 31 s, CartTest.fills for 30 s");
  }

  @Test
  void isSilentWhileTestsStartAndEnd() {
    tests.start("class", "CartTest");
    seconds = 29;
    watchdog.tellQuiet();
    tests.start("one", "CartTest.empties");
    seconds = 58;
    watchdog.tellQuiet();
    tests.end("one");
    seconds = 87;
    watchdog.tellQuiet();
    assertThat(printed.toString(UTF_8)).isEmpty();
  }

  @Test
  void tellsWhatRunsWhereNothingHasStartedOrEndedForHalfAMinute() {
    tests.start("class", "CartTest");
    seconds = 30;
    watchdog.tellQuiet();
    assertThat(printed.toString(UTF_8)).isEqualTo("test-watch: still running CartTest for 30 s\n");
  }

  @Test
  void tellsAllWithTheStacksOfAllThreads() {
    tests.start("class", "CartTest");
    watchdog.tellAll("it is 810 s old");
    assertThat(printed.toString(UTF_8))
        .startsWith(
            "test-watch: JVM %d is ended, as it is 810 s old, running CartTest for 0 s\n"
                .formatted(ProcessHandle.current().pid()))
        .contains("\"main\"", "RunningTestsTest.tellsAllWithTheStacksOfAllThreads(");
  }
}

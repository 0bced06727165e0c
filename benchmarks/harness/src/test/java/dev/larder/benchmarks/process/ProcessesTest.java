package dev.larder.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessesTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Test
  void endsWhatItStartedAndRemovesItsFolder() throws InterruptedException {
    Processes processes = new Processes();
    Running server =
        processes.start(
            "server", List.of("sh", "-c", "echo up; exec sleep 300"), Ready.onLine("up"));
    assertThat(server.process().isAlive()).isTrue();
    assertThat(server.cpuMicros()).isNotNegative();

    processes.close();

    assertThat(server.process().isAlive()).isFalse();
    assertThat(processes.folder()).doesNotExist();
    assertThatThrownBy(server::cpuMicros).hasMessage("server is not running any more");
  }

  @Test
  void startsNothingOnceItIsClosed() {
    Processes processes = new Processes();
    processes.close();
    assertThatThrownBy(() -> processes.run(LIMIT, Map.of(), "", List.of("true")))
        .hasMessage("interrupted");
  }

  @Test
  void saysWhatAServerPrintedThatDidNotStart() {
    try (Processes processes = new Processes()) {
      assertThatThrownBy(
              () ->
                  processes.start(
                      "server",
                      List.of("sh", "-c", "echo port in use >&2; exit 3"),
                      Ready.onLine("up")))
          .isInstanceOf(BenchException.class)
          .hasMessage("server ended with 3 at its start:\nport in use");
    }
  }

  @Test
  void runsACommandWithInputAndEnvironment() throws InterruptedException {
    try (Processes processes = new Processes()) {
      String printed =
          processes.run(
              LIMIT,
              Map.of("GREETING", "hello"),
              "you\n",
              List.of("sh", "-c", "echo $GREETING $(cat)"));
      assertThat(printed).isEqualTo("hello you\n");
    }
  }

  @Test
  void showsTheOutputOfACommandThatFailed() {
    try (Processes processes = new Processes()) {
      assertThatThrownBy(
              () -> processes.run(LIMIT, Map.of(), "", List.of("sh", "-c", "echo bad; exit 4")))
          .hasMessage("sh ended with 4:\nbad");
    }
  }

  @Test
  void readsCpuTicksPastANameWithSpacesAndBrackets() {
    assertThat(Running.ticks("42 (a) b (c)) S 1 42 42 0 -1 4194304 120 0 0 0 250 50 7 8 20 0 5 0"))
        .isEqualTo(300);
  }
}

package dev.larder.benchmarks.fork;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.driver.Driver;
import dev.larder.benchmarks.driver.Load;
import dev.larder.benchmarks.process.BenchException;
import dev.larder.benchmarks.process.Processes;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SubjectJvmTest {
  private static final DataSet DATA = DataSet.named("uniform-64");

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  /** Answers rightly from memory, or wrongly, or ends at its start. */
  public static final class Fake {
    private Fake() {}

    /** Takes what it is to be. */
    public static void main(String[] args) throws Exception {
      if (args[0].equals("broken")) {
        System.err.println("no such engine");
        System.exit(3);
      }
      ExecutorService loop = Executors.newSingleThreadExecutor();
      try {
        Driver.serve(
            (key, answer) -> {
              int number = Integer.parseInt(new String(key, US_ASCII).substring(4));
              String value = DATA.value(args[0].equals("wrong") ? number + 1 : number);
              loop.execute(() -> answer.accept(value.getBytes(US_ASCII), null));
            });
      } finally {
        loop.shutdown();
      }
    }
  }

  @Test
  void measuresInAnotherJvmAndTellsWhichItIs() throws InterruptedException {
    try (Processes processes = new Processes()) {
      SubjectJvm jvm = start("right", processes);
      for (Load load : List.of(Load.closed(4), Load.open(1000))) {
        assertThat(jvm.measure(DATA, load, Duration.ofMillis(100)).answered()).isPositive();
      }
      assertThat(shown.toString(UTF_8))
          .startsWith("subject right: ")
          .contains(Runtime.version().toString())
          .contains("-Xmx256m");
    }
  }

  @Test
  void aWrongAnswerFailsTheRun() throws InterruptedException {
    try (Processes processes = new Processes()) {
      SubjectJvm jvm = start("wrong", processes);
      assertThatThrownBy(() -> jvm.measure(DATA, Load.closed(4), Duration.ofMillis(100)))
          .isInstanceOf(BenchException.class)
          .hasMessageMatching("wrong, closed 4: failed the answer to GET key:.* not its own");
    }
  }

  @Test
  void saysWhatASubjectPrintedThatDidNotStart() {
    try (Processes processes = new Processes()) {
      assertThatThrownBy(() -> start("broken", processes))
          .isInstanceOf(BenchException.class)
          .hasMessage("broken ended with 3:\nno such engine");
    }
  }

  private SubjectJvm start(String kind, Processes processes) throws InterruptedException {
    return SubjectJvm.startOn(
        System.getProperty("java.class.path"),
        kind,
        Fake.class.getName(),
        List.of(kind),
        processes,
        new PrintStream(shown, true, UTF_8));
  }
}

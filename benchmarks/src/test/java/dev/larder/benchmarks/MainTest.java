package dev.larder.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  @ParameterizedTest(name = "bin/bench {0}")
  @CsvSource({
    "'', no bench named",
    "rset, no such bench: rset",
    "rest rest, no such bench: rest rest",
    "--quick, no bench named"
  })
  void aWrongNameEndsWithTheNamesThatThereAre(String commandLine, String complaint)
      throws InterruptedException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream nowhere =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    List<String> args = commandLine.isEmpty() ? List.of() : List.of(commandLine.split(" ", -1));

    int code = Main.run(args, nowhere, new PrintStream(err, true, StandardCharsets.UTF_8));

    assertThat(code).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8).strip())
        .isEqualTo(complaint + "; usage: bin/bench NAME [--quick], NAME one of: rest");
  }
}

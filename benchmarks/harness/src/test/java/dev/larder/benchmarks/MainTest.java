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
    "rest port, 'one bench at a time, was rest and port'",
    "--quick, no bench named",
    "port --data, 'a data set is uniform-N or zipf-N, with values of N bytes, from 16 to 4096, was '",
    "port --data zipf, 'a data set is uniform-N or zipf-N, with values of N bytes, from 16 to 4096, was zipf'"
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
        .isEqualTo(
            complaint + "; usage: bin/bench NAME [--quick] [--data SET], NAME one of: port, rest");
  }
}

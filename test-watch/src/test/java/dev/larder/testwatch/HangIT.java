package dev.larder.testwatch;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/**
 * The parent POM's configuration ends tests that hang, and names them: Maven is run on the profile
 * {@code hang}.
 */
@Execution(CONCURRENT)
@Timeout(value = 4, unit = MINUTES)
class HangIT {
  /** Tenfold of what it takes. */
  private static final long BOUND_SECONDS = 200;

  private static final Pattern ENDED = Pattern.compile("test-watch: JVM (\\d+) is ended, as (.*)");

  @TempDir private Path scratch;

  @Test
  void methodsThatHangFailOneByOneWithTheirStacks() throws Exception {
    assertThat(failing("HangsInMethods"))
        .contains(
            "waitsWhateverInterruptsIt() timed out after 1 second",
            "HangsInMethods.waitsWhateverInterruptsIt(HangsInMethods.java:",
            "waitsAfterwards() timed out after 1 second",
            "HangsInMethods.waitsAfterwards(HangsInMethods.java:")
        .doesNotContainPattern(ENDED);
  }

  @Test
  void aClassOutOfReachOfJUnitIsNamedWithItsStackAndEnded() throws Exception {
    assertThat(ended(failing("HangsInInitializer", "-Dsurefire.timeout=20")))
        .startsWith("it is 18 s old, running dev.larder.testwatch.HangsInInitializer for ")
        .contains("HangsInInitializer.<clinit>(HangsInInitializer.java:");
  }

  @Test
  void aJvmThatDoesNotExitIsEndedWithTheStackThatKeepsIt() throws Exception {
    assertThat(ended(failing("HangsInShutdownHook")))
        .startsWith("it has not exited within 15 s, running no test")
        .contains("HangsInShutdownHook.waitForEver(HangsInShutdownHook.java:");
  }

  /** What was printed from the watchdog's reason on; the JVM that it ended is gone. */
  private static String ended(String output) {
    Matcher ended = ENDED.matcher(output);
    assertThat(ended.find()).as(output).isTrue();
    assertThat(ProcessHandle.of(Long.parseLong(ended.group(1))).filter(ProcessHandle::isAlive))
        .isEmpty();
    return output.substring(ended.start(2));
  }

  /** What Maven printed when it failed. */
  private String failing(String test, String... options) throws IOException, InterruptedException {
    Path output = scratch.resolve("output");
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("larder.maven"),
                "-o",
                "-B",
                "-Dmaven.repo.local=" + System.getProperty("larder.repository"),
                "-Phang",
                "-Dtest=" + test,
                "-DtempDir=surefire-" + test,
                "surefire:test"));
    command.addAll(List.of(options));
    Process maven =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(maven.waitFor(BOUND_SECONDS, SECONDS)).as("Maven ended by itself").isTrue();
      String printed = Files.readString(output);
      assertThat(maven.exitValue()).as(printed).isEqualTo(1);
      return printed;
    } finally {
      maven.descendants().forEach(ProcessHandle::destroyForcibly);
      maven.destroyForcibly();
    }
  }
}

package dev.larder.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unmodified npm SDKs against the packaged node: runs the suite of {@code src/test/node}.
 * Skipped where Node.js is missing, except where {@code CI=true}: there it fails.
 */
class SdkIT {

  private static final Path SUITE = Path.of("src", "test", "node");
  private static final Path JAR = Path.of("target", "larder.jar").toAbsolutePath();
  private static final String FAILURES = "✖ failing tests:";
  private static final Pattern PRINTED_URL =
      Pattern.compile("^UPSTASH_REDIS_REST_URL=(\\S+)$", Pattern.MULTILINE);

  @BeforeEach
  void installTheSdks(@TempDir Path scratch) throws Exception {
    for (String program : List.of("node", "npm")) {
      require(runs(program, scratch), program + " is not on the PATH: install Node.js 20 or newer");
    }
    Path output = scratch.resolve("npm");
    int exit =
        finish(
            start(
                SUITE,
                output,
                Map.of(),
                List.of("npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit")),
            Duration.ofMinutes(2));
    assertThat(exit).as("npm ci: %s", Files.readString(output)).isZero();
  }

  @Test
  void theSdksWorkOnTheBundledEngine(@TempDir Path scratch) throws Exception {
    runTheSuiteOn(EngineBinary.bundled(), 1, scratch);
  }

  @Test
  void theSdksWorkOnTheInstalledEngineWithTwoEventLoops(@TempDir Path scratch) throws Exception {
    List<EngineBinary> installed = EngineBinary.onPath();
    require(!installed.isEmpty(), "no redis-server or valkey-server is on the PATH: install one");
    runTheSuiteOn(installed.get(0), 2, scratch);
  }

  private static void runTheSuiteOn(EngineBinary engine, int eventLoops, Path scratch)
      throws Exception {
    String token = UUID.randomUUID().toString();
    String readOnlyToken = UUID.randomUUID().toString();
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            event-loops: %d
            tokens:
              - { name: app, token: "%s", access: read-write }
              - { name: browser, token: "%s", access: read-only }
            """
                .formatted(eventLoops, token, readOnlyToken));
    Path nodeOutput = scratch.resolve("larder");
    try (RedisProcess redis = RedisProcess.start(it -> it.binary(engine))) {
      Process node =
          start(
              scratch,
              nodeOutput,
              Map.of(),
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-jar",
                  JAR.toString(),
                  "serve",
                  "--port",
                  "0",
                  "--redis",
                  redis.uri(),
                  "--data",
                  scratch.resolve("data").toString(),
                  "--config",
                  config.toString()));
      try {
        Path suiteOutput = scratch.resolve("suite");
        int exit =
            finish(
                start(
                    SUITE,
                    suiteOutput,
                    Map.of(
                        "UPSTASH_REDIS_REST_URL",
                        urlWhenReady(node, nodeOutput),
                        "UPSTASH_REDIS_REST_TOKEN",
                        token,
                        "LARDER_READ_ONLY_TOKEN",
                        readOnlyToken,
                        "ENGINE_VERSION",
                        engine.version().toString()),
                    List.of("node", "--test", "--test-reporter=spec")),
                Duration.ofMinutes(5));
        String told = Files.readString(suiteOutput);
        System.out.println(engine + ": " + summary(told));
        // The spec reporter repeats at the end what failed, and why.
        assertThat(exit)
            .as(
                "%s: %s%nThe node: %s",
                engine,
                told.substring(Math.max(0, told.indexOf(FAILURES))),
                Files.readString(nodeOutput))
            .isZero();
      } finally {
        end(node);
      }
    }
  }

  private static String urlWhenReady(Process node, Path output) throws IOException {
    await("the node is ready")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                !node.isAlive()
                    || Files.readString(output).lines().anyMatch("larder is ready"::equals));
    String told = Files.readString(output);
    Matcher url = PRINTED_URL.matcher(told);
    assertThat(node.isAlive() && url.find()).as("the node started: %s", told).isTrue();
    return url.group(1);
  }

  private static String summary(String told) {
    return told.lines()
        .filter(line -> line.matches("ℹ (tests|pass|fail|skipped|duration_ms) .*"))
        .map(line -> line.substring(2))
        .collect(Collectors.joining(", "));
  }

  private static void require(boolean there, String otherwise) {
    if ("true".equals(System.getenv("CI"))) {
      assertThat(there).as(otherwise).isTrue();
    }
    if (!there) {
      System.out.println("SdkIT is skipped: " + otherwise); // Maven's summary counts skips, mute
    }
    assumeTrue(there, otherwise);
  }

  private static boolean runs(String program, Path scratch) throws InterruptedException {
    try {
      Process process =
          start(scratch, scratch.resolve(program), Map.of(), List.of(program, "--version"));
      return finish(process, Duration.ofSeconds(30)) == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  // The output goes to a file: nobody needs to read it for the process to go on.
  private static Process start(
      Path directory, Path output, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static int finish(Process process, Duration limit) throws InterruptedException {
    try {
      return process.waitFor(limit.toMillis(), MILLISECONDS) ? process.exitValue() : -1;
    } finally {
      end(process);
    }
  }

  private static void end(Process process) throws InterruptedException {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(15, SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}

package dev.larder.server;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The unmodified npm SDKs against the packaged node: runs the suite of {@code src/test/node}.
 * Skipped where Node.js is missing, except where {@code CI=true}: there it fails.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 10, unit = MINUTES)
class SdkIT {
  private static final Path SUITE = Path.of("src", "test", "node");
  private static final String FAILURES = "✖ failing tests:";

  @BeforeAll
  static void installTheSdks(@TempDir Path scratch) throws Exception {
    for (String program : List.of("node", "npm")) {
      require(runs(program, scratch), program + " is not on the PATH: install Node.js 20 or newer");
    }
    Path output = scratch.resolve("npm");
    int exit =
        run(
            Duration.ofMinutes(2),
            output,
            Map.of(),
            "npm",
            "ci",
            "--prefer-offline",
            "--ignore-scripts",
            "--no-audit");
    assertThat(exit).as("npm ci: %s", Files.readString(output)).isZero();
  }

  @Test
  void theSdksWorkOnTheBundledEngine(@TempDir Path scratch) throws Exception {
    runTheSuiteOn(EngineBinary.bundled(), 1, scratch);
  }

  @Test
  void theSdksWorkOnAClusterOfThreePrimaries(@TempDir Path scratch) throws Exception {
    try (RedisCluster cluster = RedisCluster.start()) {
      runTheSuiteOn(EngineBinary.newest(), "cluster", cluster.uri(), 1, scratch);
    }
  }

  /** The node starts that engine itself, so that callers have the rights of its door's user. */
  @Test
  void theSdksWorkOnTheInstalledEngineAsTheNodesOwnWithTwoEventLoops(@TempDir Path scratch)
      throws Exception {
    List<EngineBinary> installed = EngineBinary.onPath();
    require(!installed.isEmpty(), "no redis-server or valkey-server is on the PATH: install one");
    runTheSuiteOn(installed.get(0), "standalone", null, 2, scratch);
  }

  @Test
  void limitsHoldInThreeRegionsWithEnginesOfTheirOwn(@TempDir Path scratch) throws Exception {
    String token = UUID.randomUUID().toString();
    try (RedisProcess first = RedisProcess.start();
        RedisProcess second = RedisProcess.start();
        RedisProcess third = RedisProcess.start();
        RunningNode a = node(first.uri(), 1, token, UUID.randomUUID().toString(), scratch);
        RunningNode b = node(second.uri(), 1, token, UUID.randomUUID().toString(), scratch);
        RunningNode c = node(third.uri(), 1, token, UUID.randomUUID().toString(), scratch)) {
      List<RunningNode> regions = List.of(a, b, c);
      runTests(
          "three regions",
          regions,
          Map.of(
              "UPSTASH_REDIS_REST_URL",
              a.url().toString(),
              "UPSTASH_REDIS_REST_TOKEN",
              token,
              "LARDER_REGIONS",
              regions.stream().map(it -> it.url().toString()).collect(Collectors.joining(" "))),
          scratch,
          "regions.test.mjs");
    }
  }

  private static void runTheSuiteOn(EngineBinary engine, int eventLoops, Path scratch)
      throws Exception {
    try (RedisProcess redis = RedisProcess.start(it -> it.binary(engine))) {
      runTheSuiteOn(engine, "standalone", redis.uri(), eventLoops, scratch);
    }
  }

  private static void runTheSuiteOn(
      EngineBinary engine, String topology, @Nullable String uri, int eventLoops, Path scratch)
      throws Exception {
    String token = UUID.randomUUID().toString();
    String readOnlyToken = UUID.randomUUID().toString();
    try (RunningNode node = node(uri, eventLoops, token, readOnlyToken, scratch)) {
      runTests(
          engine + ", " + topology,
          List.of(node),
          Map.of(
              "UPSTASH_REDIS_REST_URL",
              node.url().toString(),
              "UPSTASH_REDIS_REST_TOKEN",
              token,
              "LARDER_READ_ONLY_TOKEN",
              readOnlyToken,
              "ENGINE_VERSION",
              engine.version().toString(),
              "TOPOLOGY",
              topology),
          scratch);
    }
  }

  private static RunningNode node(
      @Nullable String redis, int eventLoops, String token, String readOnlyToken, Path scratch)
      throws IOException {
    // The budget is ample, so that a busy machine breaks no test that is not about time.
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            budget: 60s
            event-loops: %d
            tokens:
              - { name: app, token: "%s", access: read-write }
              - { name: browser, token: "%s", access: read-only }
            """
                .formatted(eventLoops, token, readOnlyToken));
    return redis == null
        ? RunningNode.start(
            scratch,
            "serve",
            "--port",
            "0",
            "--data",
            scratch.resolve("data").toString(),
            "--config",
            config.toString())
        : RunningNode.on(redis, scratch, "--config", config.toString());
  }

  /**
   * Runs test files.
   *
   * @param files all of them, if none is named
   */
  private static void runTests(
      String what,
      List<RunningNode> nodes,
      Map<String, String> environment,
      Path scratch,
      String... files)
      throws Exception {
    var command =
        new ArrayList<>(List.of("node", "--test", "--test-concurrency=4", "--test-reporter=spec"));
    command.addAll(List.of(files));
    Path output = scratch.resolve("suite");
    int exit = run(Duration.ofMinutes(8), output, environment, command.toArray(String[]::new));
    String told = Files.readString(output);
    System.out.println(what + ": " + summary(told));
    // The spec reporter repeats at the end what failed, and why.
    assertThat(exit)
        .as(
            "%s: %s%nThe nodes: %s",
            what,
            told.substring(Math.max(0, told.indexOf(FAILURES))),
            nodes.stream().flatMap(node -> node.err().stream()).collect(Collectors.joining("\n")))
        .isZero();
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
      return run(Duration.ofMinutes(1), scratch.resolve(program), Map.of(), program, "--version")
          == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /** The exit code, or -1 where it did not end in time and was killed. */
  private static int run(
      Duration limit, Path output, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    // The output goes to a file: nobody needs to read it for the process to go on.
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(SUITE.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      return process.waitFor(limit.toSeconds(), SECONDS) ? process.exitValue() : -1;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}

package dev.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The packaged node as a process of its own; it ends with the test at the latest. */
public final class RunningNode implements AutoCloseable {
  private static final Path JAR = Path.of("target", "larder.jar").toAbsolutePath();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Process process;
  private final Path out;
  private final Path err;
  private final List<String> arguments;

  private RunningNode(Process process, List<String> arguments, Path out, Path err) {
    this.process = process;
    this.arguments = arguments;
    this.out = out;
    this.err = err;
  }

  /** How a node that did not stay ended, and what it told. */
  public record Ended(int exit, List<String> out, List<String> err) {}

  /** An answer to {@link #get} or {@link #post}. */
  public record Answer(int status, String body) {}

  /** Starts {@code larder serve} and returns when it is ready. */
  public static RunningNode start(Path scratch, String... arguments) {
    return start(scratch, List.of(), arguments);
  }

  /** Starts {@code larder serve} on a free port in front of this engine. */
  public static RunningNode on(String redis, Path scratch, String... more) {
    return on(redis, scratch, List.of(), more);
  }

  /** The same, on a JVM with further options. */
  public static RunningNode on(
      String redis, Path scratch, List<String> jvmOptions, String... more) {
    var arguments =
        new ArrayList<>(
            List.of("serve", "--port", "0", "--data", scratch.toString(), "--redis", redis));
    arguments.addAll(List.of(more));
    return start(scratch, jvmOptions, arguments.toArray(String[]::new));
  }

  private static RunningNode start(Path scratch, List<String> jvmOptions, String... arguments) {
    RunningNode node = launch(scratch, jvmOptions, arguments);
    try {
      await("the node is ready")
          .until(() -> !node.process.isAlive() || node.out().contains("larder is ready"));
      assertThat(node.process.isAlive()).as(() -> String.join("\n", node.err())).isTrue();
      return node;
    } catch (RuntimeException | Error e) {
      node.close();
      throw e;
    }
  }

  /** Runs {@code larder serve}, which is expected to end by itself. */
  public static Ended run(Path scratch, String... arguments) {
    try (RunningNode node = launch(scratch, List.of(), arguments)) {
      return new Ended(node.exit(), node.out(), node.err());
    }
  }

  private static RunningNode launch(Path scratch, List<String> jvmOptions, String... arguments) {
    try {
      Path directory = Files.createTempDirectory(scratch, "node");
      Path out = directory.resolve("out");
      Path err = directory.resolve("err");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-XX:TieredStopAtLevel=1");
      command.addAll(jvmOptions);
      command.addAll(List.of("-jar", JAR.toString()));
      command.addAll(List.of(arguments));
      var builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("LARDER_"));
      return new RunningNode(builder.start(), List.of(arguments), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it printed to the standard output. */
  public List<String> out() {
    return lines(out);
  }

  /** What it told the person at the terminal. */
  public List<String> err() {
    return lines(err);
  }

  private static List<String> lines(Path file) {
    try {
      return new String(Files.readAllBytes(file), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create(printed("UPSTASH_REDIS_REST_URL="));
  }

  /** The one that it was given as a flag, or else the one that it made and printed. */
  public String token() {
    int flag = arguments.indexOf("--token");
    return flag < 0 ? printed("UPSTASH_REDIS_REST_TOKEN=") : arguments.get(flag + 1);
  }

  private String printed(String name) {
    Optional<String> line = out().stream().filter(it -> it.startsWith(name)).findFirst();
    return line.orElseThrow().substring(name.length());
  }

  /** A connection to it. */
  public RawHttp connect() {
    return new RawHttp(url().getPort());
  }

  public Answer get(String path) {
    return send("GET", path, token(), "");
  }

  public Answer post(String path, String body) {
    return send("POST", path, token(), body);
  }

  /** One command, by its words. */
  public Answer command(String... words) {
    return post("/", "[\"" + String.join("\",\"", words) + "\"]");
  }

  public Answer send(String method, String path, String token, String body) {
    var request =
        HttpRequest.newBuilder(url().resolve(path))
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(TIMEOUT)
            .build();
    try {
      HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** How many objects of a class live in it, after its garbage was collected. */
  public long living(String type) {
    Path histogram = out.resolveSibling("histogram");
    try {
      Process counting =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid()),
                  "GC.class_histogram")
              .redirectOutput(histogram.toFile())
              .start();
      exit(counting);
      return lines(histogram).stream()
          .map(line -> line.strip().split(" +"))
          .filter(columns -> columns.length > 3 && columns[3].equals(type))
          .mapToLong(columns -> Long.parseLong(columns[1]))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The engine's process and those that watch over it. */
  public List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  /** The embedded engine's process. */
  public ProcessHandle engine() {
    return children().stream()
        .filter(it -> it.info().command().orElse("").matches(".*/(redis|valkey)[^/]*"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no engine among " + children()));
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** SIGKILL; it is gone when this returns. */
  public void kill() {
    process.destroyForcibly();
    exit();
  }

  /** Waits until it has ended; 128 and the signal's number where that ended it. */
  public int exit() {
    return exit(process);
  }

  private static int exit(Process process) {
    try {
      assertThat(process.waitFor(TIMEOUT.toSeconds(), SECONDS)).as("it ends").isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
      try {
        exit();
      } catch (AssertionError e) {
        children().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw e;
      }
    }
  }
}

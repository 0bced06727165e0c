package dev.larder.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.embedded.EngineBinary.Origin;
import dev.larder.embedded.system.SystemCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JVM of its own that holds an engine, to be killed: its main, and its handle in a test. */
final class EngineHolder implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final String uri;
  private final ProcessHandle engine;
  private final Path directory;

  /** Holds the engine until its input ends, then exits without having closed it. */
  public static void main(String[] args) throws IOException {
    Origin origin = Origin.valueOf(args[0]);
    EngineBinary binary =
        origin == Origin.BUNDLED ? EngineBinary.bundled() : EngineBinary.onPath().get(0);
    var redis =
        EmbeddedRedis.start(
            it -> {
              it.binary(binary).owner("the holder");
              if (args.length > 1) {
                it.directory(Path.of(args[1]));
              }
            });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> say(lastWords(redis))));
    say(redis.uri());
    say(Long.toString(redis.pid()));
    say(redis.directory().toString());
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  private static String lastWords(EmbeddedRedis redis) {
    try {
      return EmbeddedRedisTest.ask(redis, "PING");
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println(line);
  }

  private EngineHolder(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    uri = nextLine();
    engine = ProcessHandle.of(Long.parseLong(nextLine())).orElseThrow();
    directory = Path.of(nextLine());
  }

  /** Starts one in a process group of its own, if this machine has {@code setsid}. */
  static EngineHolder start(Origin origin, Optional<Path> directory) throws IOException {
    List<String> command = new ArrayList<>();
    if (SystemCommand.run(List.of("setsid", "--version")).status() == 0) {
      command.add("setsid");
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            EngineHolder.class.getName(),
            origin.name()));
    directory.map(Path::toString).ifPresent(command::add);
    return new EngineHolder(command);
  }

  String uri() {
    return uri;
  }

  Path directory() {
    return directory;
  }

  ProcessHandle engine() {
    return engine;
  }

  ProcessHandle jvm() {
    return process.toHandle();
  }

  /** The guard's shells: all that the JVM started but the engine. */
  List<ProcessHandle> guard() {
    return process.descendants().filter(it -> it.pid() != engine.pid()).toList();
  }

  /** Lets the JVM exit by itself. */
  void letGo() throws IOException {
    process.getOutputStream().close();
  }

  String nextLine() throws IOException {
    return Optional.ofNullable(out.readLine())
        .orElseThrow(() -> new IOException("the holder said no more"));
  }

  @Override
  public void close() {
    guard().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    engine.destroyForcibly();
  }
}

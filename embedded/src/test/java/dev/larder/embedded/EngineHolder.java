package dev.larder.embedded;

import dev.larder.embedded.EngineBinary.Origin;
import dev.larder.embedded.system.Jvm;
import dev.larder.embedded.system.OutputLines;
import dev.larder.embedded.system.ProcessIdentity;
import dev.larder.embedded.system.SystemCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A JVM of its own that holds an engine, to be killed: its main, and its handle in a test. */
final class EngineHolder implements AutoCloseable {
  /** In the environment of the JVM. */
  static final Map<String, String> SECRETS =
      Map.of("LARDER_TOKEN", "a secret token", "LARDER_REDIS", "redis://:secret@127.0.0.1");

  private static final String SAID = "holder: ";

  private final Process process;
  private final OutputLines out;
  private final String uri;
  private final ProcessIdentity engine;
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
    System.out.println(SAID + line);
  }

  private EngineHolder(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(SECRETS);
    process = builder.start();
    try {
      out = OutputLines.of(process);
      uri = nextLine();
      engine = ProcessIdentity.of(Long.parseLong(nextLine())).orElseThrow();
      directory = Path.of(nextLine());
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /**
   * Starts one, in a process group of its own if this machine has {@code setsid}, and heeding
   * Ctrl-C if that can be.
   */
  static EngineHolder start(Origin origin, Optional<Path> directory) throws IOException {
    List<String> command = new ArrayList<>();
    if (SystemCommand.run(List.of("setsid", "--version")).status() == 0) {
      command.add("setsid");
    }
    command.addAll(heedingInterrupts().orElse(List.of()));
    command.addAll(Jvm.command(EngineHolder.class, origin.name()));
    directory.map(Path::toString).ifPresent(command::add);
    return new EngineHolder(command);
  }

  /**
   * What to put before a command so that SIGINT has its usual effect on it, which it has not where
   * this JVM was started to ignore it, as by {@code nohup}: neither shells nor JVMs can undo that.
   */
  static Optional<List<String>> heedingInterrupts() {
    return Stream.of(
            List.<String>of(),
            List.of("env", "--default-signal=INT"),
            List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec { $ARGV[0] } @ARGV"))
        .filter(EngineHolder::letsInterruptsThrough)
        .findFirst();
  }

  private static boolean letsInterruptsThrough(List<String> prefix) {
    List<String> probe = new ArrayList<>(prefix);
    probe.addAll(List.of("/bin/sh", "-c", "trap 'exit 42' INT; kill -INT $$; exit 0"));
    return SystemCommand.run(probe).status() == 42;
  }

  String uri() {
    return uri;
  }

  Path directory() {
    return directory;
  }

  ProcessIdentity engine() {
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

  /** What it says next, but for what its log says. */
  String nextLine() throws IOException {
    String line;
    do {
      line =
          out.next(Duration.ofSeconds(60))
              .orElseThrow(() -> new IOException("the holder said no more"));
    } while (!line.startsWith(SAID));
    return line.substring(SAID.length());
  }

  @Override
  public void close() {
    guard().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    engine.kill();
  }
}

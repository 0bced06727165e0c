package dev.larder.benchmarks.fork;

import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.driver.Driver;
import dev.larder.benchmarks.driver.Load;
import dev.larder.benchmarks.driver.Result;
import dev.larder.benchmarks.process.BenchException;
import dev.larder.benchmarks.process.Conversation;
import dev.larder.benchmarks.process.MavenBuild;
import dev.larder.benchmarks.process.Processes;
import dev.larder.benchmarks.process.Running;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM in which a subject runs together with its load. */
public final class SubjectJvm {
  /** The same for all subjects: a heap that never grows, so that no round pays for it. */
  private static final List<String> FLAGS = List.of("-Xms256m", "-Xmx256m");

  private static final Path SUBJECTS = Path.of("benchmarks", "subjects");
  private static final Duration START = Duration.ofSeconds(60);

  /** What the driver waits for late answers, and more. */
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final String name;
  private final Conversation conversation;

  private SubjectJvm(String name, Conversation conversation) {
    this.name = name;
    this.conversation = conversation;
  }

  /**
   * Builds modules below {@code benchmarks/subjects} where sources are newer than the last build.
   *
   * @param sources the folders that they are made from, besides their own
   * @throws BenchException if the build fails
   */
  public static void build(
      List<String> modules, List<String> sources, Processes processes, PrintStream out)
      throws InterruptedException {
    List<Path> folders = modules.stream().map(SUBJECTS::resolve).toList();
    MavenBuild.run(
        folders.stream().map(Path::toString).toList(),
        folders.stream().map(SubjectJvm::dependencies).toList(),
        Stream.concat(
                Stream.of("pom.xml", "benchmarks/pom.xml", "benchmarks/driver").map(Path::of),
                Stream.concat(sources.stream().map(Path::of), folders.stream()))
            .toList(),
        processes,
        out);
  }

  /** A file that the build writes: the class path, without the module's own classes. */
  private static Path dependencies(Path folder) {
    return folder.resolve("target/classpath");
  }

  /**
   * Starts a subject of the module, and shows its JVM and its libraries.
   *
   * @param name what to call it
   * @param module a folder below {@code benchmarks/subjects}
   * @param main its main class
   * @throws BenchException if it does not get ready
   */
  public static SubjectJvm start(
      String name,
      String module,
      String main,
      List<String> arguments,
      Processes processes,
      PrintStream out)
      throws InterruptedException {
    Path folder = SUBJECTS.resolve(module);
    String libraries = read(dependencies(folder)).strip();
    String classPath = folder.resolve("target/classes") + File.pathSeparator + libraries;
    SubjectJvm jvm = startOn(classPath, name, main, arguments, processes, out);
    out.println(
        "  with "
            + Stream.of(libraries.split(File.pathSeparator, -1))
                .map(library -> String.valueOf(Path.of(library).getFileName()))
                .collect(Collectors.joining(" ")));
    return jvm;
  }

  static SubjectJvm startOn(
      String classPath,
      String name,
      String main,
      List<String> arguments,
      Processes processes,
      PrintStream out)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    Conversation conversation = processes.converse(name, command);
    String ready = conversation.hear(START);
    if (!ready.startsWith(Driver.READY + " ")) {
      throw new BenchException(name + " should say that it is ready, said: " + ready);
    }
    out.println("subject " + name + ": " + ready.substring(Driver.READY.length() + 1));
    return new SubjectJvm(name, conversation);
  }

  /**
   * Puts a load on the subject for this time.
   *
   * @throws BenchException if anything was answered wrongly, or not at all
   */
  public Result measure(DataSet data, Load load, Duration time) throws InterruptedException {
    conversation.say(Driver.MEASURE + " " + data.name() + " " + load + " " + time.toMillis());
    String line = conversation.hear(time.plus(GRACE));
    try {
      return Result.parse(line);
    } catch (IllegalArgumentException e) {
      throw new BenchException(name + ", " + load + ": " + line, e);
    }
  }

  /** What to call it. */
  public String name() {
    return name;
  }

  /** Its process. */
  Running running() {
    return conversation.running();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new BenchException("cannot read " + file + ", which the build should have written", e);
    }
  }
}

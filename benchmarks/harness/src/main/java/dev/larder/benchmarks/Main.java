package dev.larder.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.benchmarks.compare.Bench;
import dev.larder.benchmarks.compare.Pace;
import dev.larder.benchmarks.compare.Ratio;
import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.port.PortBench;
import dev.larder.benchmarks.process.BenchException;
import dev.larder.benchmarks.process.Processes;
import dev.larder.benchmarks.process.Tool;
import dev.larder.benchmarks.rest.RestBench;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs the bench that is named. Ends with 0, with 1 if the run failed, or with 2 if the command
 * line was wrong.
 */
public final class Main {
  private static final List<Bench> BENCHES = List.of(new PortBench(), new RestBench());
  private static final Path RESULTS = Path.of("benchmarks", "target", "results");

  private Main() {}

  /**
   * Takes the bench's name; {@code --quick} for a run that only shows that it works; {@code --data}
   * and the name of a {@link DataSet}.
   */
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    PrintStream err = new PrintStream(System.err, true, UTF_8);
    System.exit(run(List.of(args), out, err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
    CommandLine line;
    try {
      line = CommandLine.parse(args);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage() + "; " + usage());
      return 2;
    }
    Optional<Bench> bench =
        BENCHES.stream().filter(it -> it.name().equals(line.bench())).findFirst();
    if (bench.isEmpty()) {
      err.println("no such bench: " + line.bench() + "; " + usage());
      return 2;
    }
    try (Processes processes = new Processes()) {
      Tool.require(bench.get().tools());
      run(bench.get(), line, processes, out);
      return 0;
    } catch (BenchException e) {
      err.println("bench " + line.bench() + " failed: " + e.getMessage());
      return 1;
    }
  }

  private static void run(Bench bench, CommandLine line, Processes processes, PrintStream out)
      throws InterruptedException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Path file = RESULTS.resolve(bench.name() + "-" + now.toString().replace(":", "") + ".txt");
    try (PrintStream both = both(out, file)) {
      both.println("bench: " + bench.name() + " on " + line.data().name() + ", " + now);
      both.println("commit: " + Provenance.commit(processes));
      both.println("machine: " + Provenance.machine());
      if (line.quick()) {
        both.println("--quick: the figures mean nothing");
      }
      Pace pace = line.quick() ? Pace.QUICK : bench.pace();
      List<Ratio> ratios = bench.run(processes, pace, line.data(), both);
      both.println();
      ratios.forEach(ratio -> both.println(ratio.details()));
      out.println();
      out.println("also in " + file);
      both.println();
      ratios.forEach(ratio -> both.println(ratio.line()));
    }
  }

  /** Writes to the terminal and to a file. */
  private static PrintStream both(PrintStream out, Path file) {
    try {
      Files.createDirectories(RESULTS);
      OutputStream copy = Files.newOutputStream(file);
      return new PrintStream(
          new OutputStream() {
            @Override
            public void write(int one) throws IOException {
              out.write(one);
              copy.write(one);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              out.write(bytes, from, length);
              copy.write(bytes, from, length);
            }

            @Override
            public void flush() throws IOException {
              out.flush();
              copy.flush();
            }

            @Override
            public void close() throws IOException {
              copy.close();
            }
          },
          true,
          UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String usage() {
    String known = BENCHES.stream().map(Bench::name).collect(Collectors.joining(", "));
    return "usage: bin/bench NAME [--quick] [--data SET], NAME one of: " + known;
  }

  private record CommandLine(String bench, boolean quick, DataSet data) {
    static CommandLine parse(List<String> args) {
      String bench = "";
      boolean quick = false;
      DataSet data = DataSet.named("uniform-64");
      for (int at = 0; at < args.size(); at++) {
        String arg = args.get(at);
        if (arg.equals("--quick")) {
          quick = true;
        } else if (arg.equals("--data")) {
          at++;
          data = DataSet.named(at < args.size() ? args.get(at) : "");
        } else if (bench.isEmpty()) {
          bench = arg;
        } else {
          throw new IllegalArgumentException("one bench at a time, was " + bench + " and " + arg);
        }
      }
      if (bench.isEmpty()) {
        throw new IllegalArgumentException("no bench named");
      }
      return new CommandLine(bench, quick, data);
    }
  }
}

package dev.larder.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs the bench that is named. Ends with 0, with 1 if the run failed, or with 2 if the command
 * line was wrong.
 */
public final class Main {
  private static final List<Bench> BENCHES = List.of(new RestBench());

  private Main() {}

  /**
   * Takes the bench's name, before or after it {@code --quick} for a run that only shows that it
   * works.
   */
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(args), out, err));
  }

  static int run(List<String> args, PrintStream out, PrintStream err) throws InterruptedException {
    List<String> names = args.stream().filter(arg -> !arg.equals("--quick")).toList();
    Optional<Bench> named =
        BENCHES.stream().filter(it -> names.equals(List.of(it.name()))).findFirst();
    if (named.isEmpty()) {
      err.println(usage(names));
      return 2;
    }
    Bench bench = named.get();
    boolean quick = names.size() < args.size();
    try (Processes processes = new Processes()) {
      Tool.require(bench.tools());
      out.println("machine: " + processor() + ", JDK " + Runtime.version());
      if (quick) {
        out.println("--quick: the figures mean nothing");
      }
      List<Ratio> ratios = bench.run(processes, quick ? Pace.QUICK : Pace.FULL, out);
      out.println();
      ratios.forEach(ratio -> out.println(ratio.rounds()));
      out.println();
      ratios.forEach(ratio -> out.println(ratio.line()));
      return 0;
    } catch (BenchException e) {
      err.println("bench " + bench.name() + " failed: " + e.getMessage());
      return 1;
    }
  }

  private static String usage(List<String> names) {
    String known = BENCHES.stream().map(Bench::name).collect(Collectors.joining(", "));
    String wrong = names.isEmpty() ? "no bench named" : "no such bench: " + String.join(" ", names);
    return wrong + "; usage: bin/bench NAME [--quick], NAME one of: " + known;
  }

  private static String processor() {
    int cores = Runtime.getRuntime().availableProcessors();
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      Optional<String> model =
          lines
              .filter(it -> it.startsWith("model name"))
              .map(it -> it.substring(it.indexOf(':') + 2))
              .findFirst();
      return model.orElse(System.getProperty("os.arch")) + ", " + cores + " cores";
    } catch (IOException e) {
      throw new BenchException("benches need Linux, where /proc tells CPU times: " + e, e);
    }
  }
}

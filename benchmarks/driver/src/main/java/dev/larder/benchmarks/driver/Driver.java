package dev.larder.benchmarks.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subject's side of a conversation by lines. It says {@code ready} and which JVM it is. To
 * {@code measure zipf-64 closed 16 2000}, a data set, a load and milliseconds, it answers with one
 * line: the result, or {@code failed} and why. The end of its input ends it.
 */
public final class Driver {
  /** The word that a load's line begins with. */
  public static final String MEASURE = "measure";

  /** The word that the first line begins with. */
  public static final String READY = "ready";

  private final Client client;
  private @Nullable DataSet dataSet;
  private DataSet.@Nullable Reads reads;

  private Driver(Client client) {
    this.client = client;
  }

  /**
   * Speaks on this process's standard streams until its input ends. What else is printed to
   * standard output goes to standard error.
   */
  public static void serve(Client client) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    System.setOut(System.err);
    serve(client, System.in, out);
  }

  /** Speaks on these streams until the input ends. */
  public static void serve(Client client, InputStream in, PrintStream out)
      throws IOException, InterruptedException {
    Driver driver = new Driver(client);
    out.println(READY + " " + jvm());
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      out.println(driver.answer(line));
    }
  }

  private String answer(String line) throws InterruptedException {
    List<String> words = List.of(line.split(" ", -1));
    try {
      if (words.size() != 5 || !words.get(0).equals(MEASURE)) {
        throw new IllegalArgumentException("not a load: " + line);
      }
      return measured(
              DataSet.named(words.get(1)),
              Load.parse(words.get(2), words.get(3)),
              Duration.ofMillis(Long.parseLong(words.get(4))))
          .line();
    } catch (IllegalArgumentException | IllegalStateException e) {
      return "failed " + String.valueOf(e.getMessage()).replace('\n', ' ');
    }
  }

  private Result measured(DataSet of, Load load, Duration time) throws InterruptedException {
    DataSet.Reads from = reads;
    if (from == null || dataSet == null || !dataSet.name().equals(of.name())) {
      dataSet = of;
      reads = from = of.reads();
    }
    return switch (load.kind()) {
      case CLOSED -> ClosedLoop.run(client, from, load.amount(), time);
      case OPEN -> OpenLoop.run(client, from, load.amount(), time);
    };
  }

  private static String jvm() {
    var runtime = ManagementFactory.getRuntimeMXBean();
    return runtime.getVmName()
        + " "
        + Runtime.version()
        + " "
        + String.join(" ", runtime.getInputArguments());
  }
}

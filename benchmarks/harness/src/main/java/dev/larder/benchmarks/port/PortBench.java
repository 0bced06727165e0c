package dev.larder.benchmarks.port;

import dev.larder.benchmarks.compare.Bench;
import dev.larder.benchmarks.compare.Measurement;
import dev.larder.benchmarks.compare.Pace;
import dev.larder.benchmarks.compare.Ratio;
import dev.larder.benchmarks.compare.Rounds;
import dev.larder.benchmarks.compare.Subject;
import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.driver.Load;
import dev.larder.benchmarks.fork.ForkedSubject;
import dev.larder.benchmarks.fork.SubjectJvm;
import dev.larder.benchmarks.process.Processes;
import dev.larder.benchmarks.process.RedisEngine;
import dev.larder.benchmarks.process.Tool;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Our port against bare Lettuce with raw bytes, as it comes and with its flushes consolidated: GETs
 * at 1, 16 and 256 in flight, and what they take when a few arrive at random times.
 */
public final class PortBench implements Bench {
  private static final String OURS = "larder";
  private static final String CONSOLIDATED = "lettuce-consolidated";
  private static final String PLAIN = "lettuce";

  private static final int MOST_IN_FLIGHT = 256;
  private static final List<Load> CLOSED =
      List.of(Load.closed(1), Load.closed(16), Load.closed(MOST_IN_FLIGHT));

  /** Of what the slowest subject does at most: so much that calls meet, and none has to queue. */
  private static final double ARRIVING = 0.25;

  @Override
  public String name() {
    return "port";
  }

  @Override
  public List<Tool> tools() {
    return List.of(Tool.REDIS_SERVER, Tool.REDIS_CLI);
  }

  /** Twelve rounds for twelve subjects: their order is then balanced (a Williams design). */
  @Override
  public Pace pace() {
    return new Pace(Duration.ofSeconds(3), Duration.ofSeconds(2), 12);
  }

  @Override
  public List<Ratio> run(Processes processes, Pace pace, DataSet data, PrintStream out)
      throws InterruptedException {
    SubjectJvm.build(List.of("larder", "lettuce"), List.of("core"), processes, out);
    RedisEngine engine = RedisEngine.start(processes, data);
    out.println("engine: " + Tool.REDIS_SERVER.path() + " " + engine.version());
    String ours = "dev.larder.benchmarks.subject.larder.LarderSubject";
    String lettuce = "dev.larder.benchmarks.subject.lettuce.LettuceSubject";
    String uri = engine.uri();
    List<SubjectJvm> jvms =
        List.of(
            SubjectJvm.start(OURS, "larder", ours, List.of(uri), processes, out),
            SubjectJvm.start(
                CONSOLIDATED, "lettuce", lettuce, List.of(uri, "consolidated"), processes, out),
            SubjectJvm.start(PLAIN, "lettuce", lettuce, List.of(uri, "plain"), processes, out));

    List<Load> loads = new ArrayList<>(CLOSED);
    Load open = Load.open(arriving(jvms, data, pace));
    loads.add(open);
    List<Subject> subjects = new ArrayList<>();
    for (Load load : loads) {
      for (SubjectJvm jvm : jvms) {
        subjects.add(new ForkedSubject(jvm.name() + " " + load, jvm, data, load, engine));
      }
    }
    Comparison comparison = new Comparison(subjects, Rounds.run(subjects, pace, out));

    List<Ratio> ratios = new ArrayList<>();
    for (Load load : CLOSED) {
      ratios.add(
          comparison.of(
              "port/" + CONSOLIDATED + "-" + load.amount(),
              load,
              CONSOLIDATED,
              Measurement::perSecond));
    }
    ratios.add(
        comparison.of(
            "port/" + PLAIN + "-" + MOST_IN_FLIGHT,
            Load.closed(MOST_IN_FLIGHT),
            PLAIN,
            Measurement::perSecond));
    ratios.add(
        comparison.of("p50-open/" + CONSOLIDATED, open, CONSOLIDATED, Measurement::p50Millis));
    ratios.add(
        comparison.of("p99-open/" + CONSOLIDATED, open, CONSOLIDATED, Measurement::p99Millis));
    return ratios;
  }

  /** Calls a second for the open loop, the same for all. */
  private static int arriving(List<SubjectJvm> jvms, DataSet data, Pace pace)
      throws InterruptedException {
    Load most = Load.closed(MOST_IN_FLIGHT);
    double slowest = Double.MAX_VALUE;
    for (SubjectJvm jvm : jvms) {
      jvm.measure(data, most, pace.warmUp());
      slowest = Math.min(slowest, jvm.measure(data, most, pace.measure()).perSecond());
    }
    return (int) Math.ceil(slowest * ARRIVING);
  }

  private record Comparison(List<Subject> subjects, Rounds rounds) {
    Ratio of(String name, Load load, String peer, ToDoubleFunction<Measurement> figure) {
      return Ratio.of(name, measured(OURS, load), measured(peer, load), figure);
    }

    private List<Measurement> measured(String jvm, Load load) {
      String label = jvm + " " + load;
      return rounds.of(
          subjects.stream().filter(it -> it.label().equals(label)).findFirst().orElseThrow());
    }
  }
}

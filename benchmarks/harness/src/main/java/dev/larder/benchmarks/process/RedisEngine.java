package dev.larder.benchmarks.process;

import dev.larder.benchmarks.driver.DataSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The one engine under all subjects: a redis-server of this run's own, without persistence, filled
 * with a data set. It also bears witness: a subject that did not ask it, or asked for keys that are
 * not there, is found out by {@link Seen}.
 */
public final class RedisEngine {
  /** Only on loopback and only while the run lasts. */
  public static final String PASSWORD = "bench";

  private static final Duration SHORT = Duration.ofSeconds(20);

  private final Processes processes;
  private final int port;
  private final Running running;

  private RedisEngine(Processes processes, int port, Running running) {
    this.processes = processes;
    this.port = port;
    this.running = running;
  }

  /**
   * Starts it and fills it with all keys of this data set.
   *
   * @throws BenchException if it does not start
   */
  public static RedisEngine start(Processes processes, DataSet data) throws InterruptedException {
    int port = Ready.freePort();
    List<String> command =
        List.of(
            Tool.REDIS_SERVER.path(),
            "--port",
            Integer.toString(port),
            "--bind",
            "127.0.0.1",
            "--requirepass",
            PASSWORD,
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            processes.folder().toString());
    RedisEngine engine =
        new RedisEngine(
            processes, port, processes.start("redis-server", command, Ready.onPort(port)));
    engine.cli(
        IntStream.range(0, DataSet.KEYS)
            .mapToObj(n -> "SET " + DataSet.key(n) + " " + data.value(n))
            .collect(Collectors.joining("\n", "", "\n")));
    String size = engine.ask("DBSIZE");
    if (!size.equals(Integer.toString(DataSet.KEYS))) {
      throw new BenchException("the engine should hold " + DataSet.KEYS + " keys, holds " + size);
    }
    return engine;
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** As clients name it, with the password. */
  public String uri() {
    return "redis://:" + PASSWORD + "@127.0.0.1:" + port;
  }

  /** Its process. */
  public Running running() {
    return running;
  }

  /**
   * Its answer to one command of words without spaces.
   *
   * @throws BenchException if it cannot be asked
   */
  public String ask(String command) throws InterruptedException {
    return cli(command + "\n").strip();
  }

  private String cli(String commands) throws InterruptedException {
    List<String> command = List.of(Tool.REDIS_CLI.path(), "-p", Integer.toString(port));
    return processes.run(SHORT, Map.of("REDISCLI_AUTH", PASSWORD), commands, command);
  }

  /** Its version, such as 7.0.15. */
  public String version() throws InterruptedException {
    return ask("INFO server")
        .lines()
        .filter(line -> line.startsWith("redis_version:"))
        .map(line -> line.substring(14))
        .findFirst()
        .orElse("of unknown version");
  }

  /** Counts what it has seen so far. */
  public Seen seen() throws InterruptedException {
    return Seen.parse(ask("INFO all"));
  }

  /**
   * What the engine has seen since it started.
   *
   * @param gets GET commands
   * @param sets SET commands
   * @param hits reads of a key that was there
   * @param misses reads of a key that was not
   */
  public record Seen(long gets, long sets, long hits, long misses) {
    static Seen parse(String info) {
      return new Seen(
          number("cmdstat_get:calls=(\\d+)", info),
          number("cmdstat_set:calls=(\\d+)", info),
          number("keyspace_hits:(\\d+)", info),
          number("keyspace_misses:(\\d+)", info));
    }

    private static long number(String pattern, String info) {
      Matcher matcher = Pattern.compile("(?m)^" + pattern).matcher(info);
      // A command that was not used yet has no line.
      return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /**
     * Checks that since {@code before} there were as many reads that found their key, or writes, as
     * a load claims.
     *
     * @throws BenchException if there were fewer, or if a key was not found
     */
    public void confirm(Seen before, boolean reads, long claimed, String label) {
      if (misses != before.misses) {
        throw new BenchException(
            label
                + ": the engine saw "
                + (misses - before.misses)
                + " reads of keys that are not there");
      }
      long done = reads ? Math.min(gets - before.gets, hits - before.hits) : sets - before.sets;
      if (done < claimed) {
        throw new BenchException(
            label + ": " + claimed + " commands were answered, but the engine saw " + done);
      }
    }
  }
}

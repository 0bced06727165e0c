package dev.larder.benchmarks.rest;

import dev.larder.benchmarks.process.BenchException;
import dev.larder.benchmarks.process.Processes;
import dev.larder.benchmarks.process.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Load over HTTP: wrk with one thread and 64 connections that are kept open. */
public final class Wrk {
  /** How many connections it keeps open, each with one request under way. */
  public static final int CONNECTIONS = 64;

  private static final Pattern REQUESTS = Pattern.compile("(?m)^\\s*(\\d+) requests in ");
  private static final Pattern RATE = Pattern.compile("(?m)^Requests/sec:\\s+([0-9.]+)$");
  private static final Pattern P50 = Pattern.compile("(?m)^\\s+50%\\s+([0-9.]+)(us|ms|s|m|h)$");
  private static final Pattern P99 = Pattern.compile("(?m)^\\s+99%\\s+([0-9.]+)(us|ms|s|m|h)$");
  private static final Pattern FAILED =
      Pattern.compile("(?m)^\\s*(Non-2xx or 3xx responses: .*|Socket errors: .*)$");
  private static final Map<String, Double> MILLIS =
      Map.of("us", 0.001, "ms", 1.0, "s", 1_000.0, "m", 60_000.0, "h", 3_600_000.0);

  private final Processes processes;

  /** Runs wrk as one of these processes. */
  public Wrk(Processes processes) {
    this.processes = processes;
  }

  /**
   * What wrk saw.
   *
   * @param requests how many were answered
   * @param perSecond requests a second
   * @param p50Millis the time within which half of them were answered
   * @param p99Millis the time within which 99 of 100 were answered
   */
  public record Result(long requests, double perSecond, double p50Millis, double p99Millis) {}

  /**
   * Puts the requests of a script on a server.
   *
   * @param script the name of a Lua file beside this class
   * @param arguments what the script's {@code init} takes
   * @throws BenchException if any request failed or was not answered with a status below 400
   */
  public Result run(String url, String script, List<String> arguments, Duration time)
      throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Tool.WRK.path(),
            "--threads",
            "1",
            "--connections",
            Integer.toString(CONNECTIONS),
            "--latency",
            "--timeout",
            "5s"));
    command.addAll(
        List.of(
            "--duration",
            time.toSeconds() + "s",
            "--script",
            copied(script).toString(),
            url,
            "--"));
    command.addAll(arguments);
    return parse(processes.run(time.plusSeconds(30), Map.of(), "", command));
  }

  static Result parse(String output) {
    Matcher failed = FAILED.matcher(output);
    if (failed.find()) {
      throw new BenchException("requests failed under load: " + failed.group(1));
    }
    long requests = Long.parseLong(match(REQUESTS, output).group(1));
    if (requests == 0) {
      throw new BenchException("no request was answered under load");
    }
    double perSecond = Double.parseDouble(match(RATE, output).group(1));
    return new Result(requests, perSecond, millis(P50, output), millis(P99, output));
  }

  private static double millis(Pattern pattern, String output) {
    Matcher time = match(pattern, output);
    return Double.parseDouble(time.group(1)) * MILLIS.getOrDefault(time.group(2), Double.NaN);
  }

  private static Matcher match(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new BenchException("not an output of wrk --latency that can be read:\n" + output);
    }
    return matcher;
  }

  private Path copied(String script) {
    Path copy = processes.folder().resolve(script);
    try (InputStream source = Wrk.class.getResourceAsStream(script)) {
      if (source == null) {
        throw new IllegalArgumentException("no such script: " + script);
      }
      Files.write(copy, source.readAllBytes());
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

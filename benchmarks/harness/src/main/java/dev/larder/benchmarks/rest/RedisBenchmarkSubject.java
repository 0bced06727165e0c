package dev.larder.benchmarks.rest;

import dev.larder.benchmarks.compare.Measurement;
import dev.larder.benchmarks.compare.Subject;
import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.process.BenchException;
import dev.larder.benchmarks.process.Processes;
import dev.larder.benchmarks.process.RedisEngine;
import dev.larder.benchmarks.process.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The engine under its own load, without a door before it: redis-benchmark with 64 connections and
 * pipelines of 16 GETs.
 */
public final class RedisBenchmarkSubject implements Subject {
  private static final Pattern GET =
      Pattern.compile(
          "(?m)^\"GET\",\"([0-9.]+)\",\"[0-9.]+\",\"[0-9.]+\",\"([0-9.]+)\",\"[0-9.]+\",\"([0-9.]+)\"");

  private final Processes processes;
  private final RedisEngine engine;
  private double perSecond = 100_000;

  /** Loads this engine. */
  public RedisBenchmarkSubject(Processes processes, RedisEngine engine) {
    this.processes = processes;
    this.engine = engine;
  }

  @Override
  public String label() {
    return "redis-benchmark -P 16";
  }

  @Override
  public Measurement measure(Duration time) throws InterruptedException {
    // It counts requests, not seconds: as many as the last run, which the warm-up makes, says will
    // take the time.
    long requests = Math.round(perSecond * time.toSeconds());
    RedisEngine.Seen before = engine.seen();
    long cpu = engine.running().cpuMicros();
    List<String> command =
        List.of(
            Tool.REDIS_BENCHMARK.path(),
            "-p",
            Integer.toString(engine.port()),
            "-a",
            RedisEngine.PASSWORD,
            "-P",
            "16",
            "-c",
            "64",
            "-t",
            "get",
            "-r",
            Integer.toString(DataSet.KEYS),
            "-n",
            Long.toString(requests),
            "--csv");
    Result result =
        parse(processes.run(time.multipliedBy(4).plusSeconds(30), Map.of(), "", command));
    cpu = engine.running().cpuMicros() - cpu;
    engine.seen().confirm(before, true, requests, label());
    perSecond = result.perSecond();
    return new Measurement(
        result.perSecond(), result.p50Millis(), result.p99Millis(), (double) cpu / requests);
  }

  record Result(double perSecond, double p50Millis, double p99Millis) {}

  static Result parse(String csv) {
    Matcher get = GET.matcher(csv);
    if (!get.find()) {
      throw new BenchException(
          "not an output of redis-benchmark --csv (6.2 or newer) that can be read:\n" + csv);
    }
    return new Result(
        Double.parseDouble(get.group(1)),
        Double.parseDouble(get.group(2)),
        Double.parseDouble(get.group(3)));
  }
}

package dev.larder.server.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what comes in through the doors. No tag ever holds a key, a value, a token's secret or an
 * address.
 */
public final class Metrics {
  private final MeterRegistry registry;
  private final Map<Series, Timer> requests = new ConcurrentHashMap<>();
  private final Map<String, Reads> reads = new ConcurrentHashMap<>();
  private final Map<Integer, Counter> errors = new ConcurrentHashMap<>();

  private final AtomicInteger engineConnections = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();

  /** Meters go to {@code registry}. */
  public Metrics(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("larder.engine.connections", engineConnections, AtomicInteger::get)
        .description("Connections to the engine that stand now, one for each event loop")
        .register(registry);
    Gauge.builder("larder.connections", connections, AtomicInteger::get)
        .description("Connections of callers that are open now")
        .register(registry);
  }

  /** How many connections to the engine stand: counted up and down as they come and go. */
  public AtomicInteger engineConnections() {
    return engineConnections;
  }

  /** How many connections callers have open, all event loops together. */
  public AtomicInteger connections() {
    return connections;
  }

  /** Where meters of other parts go. */
  public MeterRegistry registry() {
    return registry;
  }

  /**
   * The timer of the requests to a door that were of one family of commands, such as {@code hash}.
   */
  public Timer requests(String door, String family) {
    return requests.computeIfAbsent(
        new Series(door, family),
        series ->
            Timer.builder("larder.requests")
                .description(
                    "Requests answered, from their last byte in to their answer's first byte out")
                .tag("door", series.door())
                .tag("family", series.family())
                .publishPercentiles(0.5, 0.95, 0.99)
                .register(registry));
  }

  /** Counts an answer whose status is 400 or more. */
  public void error(int status) {
    errors
        .computeIfAbsent(
            status,
            it ->
                Counter.builder("larder.errors")
                    .description("Requests answered with an error")
                    .tag("status", Integer.toString(it))
                    .register(registry))
        .increment();
  }

  /** Hits and misses of the reads of one token's bearers. */
  public Reads reads(String token) {
    return reads.computeIfAbsent(token, it -> new Reads(read("hit", it), read("miss", it)));
  }

  private Counter read(String result, String token) {
    return Counter.builder("larder.reads")
        .description("Values that read commands found (hit) and did not find (miss)")
        .tag("result", result)
        .tag("token", token)
        .register(registry);
  }

  /** Hits and misses. */
  public record Reads(Counter hits, Counter misses) {}

  private record Series(String door, String family) {}
}

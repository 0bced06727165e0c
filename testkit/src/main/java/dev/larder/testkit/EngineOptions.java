package dev.larder.testkit;

import dev.larder.embedded.EngineBinary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How to start an engine, or each engine of a topology. If nothing is chosen: the newest engine,
 * without password, TLS or persistence.
 *
 * @param <T> the options themselves
 */
public abstract class EngineOptions<T extends EngineOptions<T>> {
  private @Nullable EngineBinary binary;
  private String password = "";
  private boolean tls;
  private final List<String> lines = new ArrayList<>();

  /** Nothing chosen yet. */
  protected EngineOptions() {}

  /** This object. */
  protected abstract T self();

  /** The engine to run. */
  public T binary(EngineBinary binary) {
    this.binary = binary;
    return self();
  }

  /** A password that clients must give, of {@code A-Z a-z 0-9 . _ ~ -}. */
  public T password(String password) {
    this.password = password;
    return self();
  }

  /** Accepts only encrypted connections, with the {@link TestCertificate}. */
  public T tls() {
    tls = true;
    return self();
  }

  /** Keeps data over a restart: every write is flushed to disk before it is answered. */
  public T appendOnly() {
    return config("appendonly yes").config("appendfsync always");
  }

  /** One more line of redis.conf, such as {@code maxmemory 10mb}. */
  public T config(String line) {
    lines.add(line);
    return self();
  }

  /** The engine to run: the one chosen, or the newest. */
  public final EngineBinary binary() {
    return binary == null ? EngineBinary.newest() : binary;
  }

  /** The password, empty for none. */
  public final String password() {
    return password;
  }

  /** Whether connections are encrypted. */
  public final boolean isTls() {
    return tls;
  }

  /** The lines added to redis.conf. */
  public final List<String> lines() {
    return List.copyOf(lines);
  }

  /** Copies what is chosen here to other options. */
  public final void copyTo(EngineOptions<?> others) {
    others.binary = binary;
    others.password = password;
    others.tls = tls;
    others.lines.addAll(lines);
  }

  /**
   * The URI for clients of engines on these ports of 127.0.0.1.
   *
   * @param topology what follows {@code redis} in the scheme, such as {@code -cluster}
   */
  public final String uri(String topology, IntStream ports) {
    return (tls ? "rediss" : "redis")
        + topology
        + "://"
        + (password.isEmpty() ? "" : ":" + password + "@")
        + ports.mapToObj(it -> "127.0.0.1:" + it).collect(Collectors.joining(","));
  }
}

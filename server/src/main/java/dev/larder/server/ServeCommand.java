package dev.larder.server;

import dev.larder.server.http.HttpLimits;
import dev.larder.server.http.auth.Access;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.rest.RestLimits;
import dev.larder.server.rest.engine.EngineLimits;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder serve}. */
@Command(
    name = "serve",
    description = "Runs a node: Redis over REST on http://127.0.0.1:8079 unless told otherwise.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class ServeCommand implements Runnable {
  private static final int PORT = 8079;
  private static final Duration BUDGET = Duration.ofSeconds(2);
  private static final int REQUEST_BYTES = 10 * 1024 * 1024;
  private static final int PIPELINE_COMMANDS = 10_000;
  private static final int LINE_BYTES = 64 * 1024;
  private static final int HEADER_BYTES = 64 * 1024;
  private static final int CONNECTIONS = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(75);
  private static final Duration REQUEST = Duration.ofSeconds(30);
  private static final long WAITING_BYTES = 256L * 1024 * 1024;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on; 0 takes a free one. Default: 8079.")
  private @Nullable Integer port;

  @Option(
      names = "--token",
      paramLabel = "T",
      description = "Token that clients send. Default: one is made and kept.")
  private @Nullable String token;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      description =
          "Engine: redis://, rediss://, redis-sentinel://, redis-cluster://. Default: the node starts its own.")
  private @Nullable String redis;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where data is kept. Default: ./.larder.")
  private @Nullable String data;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration, larder.yaml.")
  private @Nullable String config;

  @Option(
      names = "--accept-vulnerable-engine",
      description =
          "Listen beyond this machine although the engine that the node starts is known to be vulnerable.")
  private boolean acceptVulnerableEngine;

  private final Map<String, String> environment;

  ServeCommand() {
    this(System.getenv());
  }

  ServeCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void run() {
    Settings settings = settings();
    Node node = Node.start(settings);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  node.close();
                  stopped.countDown();
                },
                "stop"));
    announce(node);
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void announce(Node node) {
    System.out.println("Redis over REST, on " + node.engine() + ":");
    System.out.println("UPSTASH_REDIS_REST_URL=" + node.settings().url());
    System.out.println("UPSTASH_REDIS_REST_TOKEN=" + node.settings().tokens().get(0).secret());
    System.out.println("larder is ready");
    System.out.flush();
  }

  /** Flags first, then the environment, then the configuration, then defaults. */
  Settings settings() {
    String configFile = first(config, environment.get("LARDER_CONFIG"));
    Config file = configFile == null ? Config.NONE : ConfigFile.read(Path.of(configFile));
    Config.Timeouts timeouts = file.timeouts() == null ? Config.Timeouts.NONE : file.timeouts();
    Config.Limits limits = file.limits() == null ? Config.Limits.NONE : file.limits();
    Path directory =
        Path.of(or(first(data, environment.get("LARDER_DATA"), file.data()), ".larder"));
    return new Settings(
        or(file.listen(), "127.0.0.1"),
        free(port == null ? portOr(file.port()) : port(port)),
        first(redis, environment.get("LARDER_REDIS"), file.redis()),
        directory,
        tokens(file, directory),
        or(file.eventLoops(), 1),
        or(file.accessLog(), false),
        acceptVulnerableEngine,
        new RestLimits(
            or(limits.requestBytes(), REQUEST_BYTES),
            or(limits.pipelineCommands(), PIPELINE_COMMANDS),
            new EngineLimits(or(limits.waitingBytes(), WAITING_BYTES), or(file.budget(), BUDGET))),
        new HttpLimits(
            or(limits.lineBytes(), LINE_BYTES),
            or(limits.headerBytes(), HEADER_BYTES),
            or(limits.connections(), CONNECTIONS),
            or(timeouts.idle(), IDLE),
            or(timeouts.request(), REQUEST)),
        file.cors() == null ? List.of() : or(file.cors().origins(), List.of()),
        tls(file.tls()));
  }

  private int portOr(@Nullable Integer configured) {
    String given = environment.get("LARDER_PORT");
    if (given == null || given.isBlank()) {
      return or(configured, PORT);
    }
    try {
      return port(Integer.parseInt(given.strip()));
    } catch (NumberFormatException e) {
      throw new StartException(
          "LARDER_PORT must be a number from 0 to 65535, was '" + given + "'", e);
    }
  }

  private static @Nullable Tls tls(Config.@Nullable TlsEntry entry) {
    if (entry == null) {
      return null;
    }
    var tls = new Tls(Path.of(entry.certificate()), Path.of(entry.key()));
    // Now, rather than when the engine has been started.
    var unused = tls.read();
    return tls;
  }

  /** Several event loops listen on one port, so a free one is taken for all of them. */
  private static int free(int port) {
    if (port != 0) {
      return port;
    }
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StartException("there is no free port: " + e.getMessage(), e);
    }
  }

  private static int port(int number) {
    if (number < 0 || number > 65_535) {
      throw new StartException("the port must be from 0 to 65535, was " + number);
    }
    return number;
  }

  private List<Token> tokens(Config file, Path directory) {
    var tokens = new ArrayList<Token>();
    String given = first(token, environment.get("LARDER_TOKEN"));
    List<Config.TokenEntry> configured = file.tokens() == null ? List.of() : file.tokens();
    if (given == null && configured.isEmpty()) {
      given = TokenFile.in(directory);
    }
    try {
      if (given != null) {
        tokens.add(new Token("default", given, Access.READ_WRITE));
      }
      configured.forEach(entry -> tokens.add(entry.toToken()));
      return Tokens.distinct(tokens);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable String first(@Nullable String... candidates) {
    for (String candidate : candidates) {
      if (candidate != null && !candidate.isBlank()) {
        return candidate;
      }
    }
    return null;
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return Objects.requireNonNullElse(value, otherwise);
  }
}

package dev.larder.server;

import dev.larder.server.http.HttpLimits;
import dev.larder.server.http.auth.Access;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.Tokens;
import dev.larder.server.http.auth.UserTokens;
import dev.larder.server.http.memory.ByteBudget;
import dev.larder.server.http.memory.MemoryLimits;
import dev.larder.server.rest.RestLimits;
import dev.larder.server.rest.engine.EngineLimits;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** On the node's own engine; on another one scripts may be somebody else's. */
  private static final Duration SCRIPT_TIME = Duration.ofSeconds(1);

  private static final int REQUEST_BYTES = 10 * 1024 * 1024;
  private static final int PIPELINE_COMMANDS = 10_000;
  private static final int LINE_BYTES = 64 * 1024;
  private static final int HEADER_BYTES = 64 * 1024;
  private static final int CONNECTIONS = 10_000;
  private static final Duration IDLE = Duration.ofSeconds(75);
  private static final Duration REQUEST = Duration.ofSeconds(30);
  private static final Duration WRITE = Duration.ofSeconds(60);

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
    Settings settings = node.settings();
    Main.say("Redis over REST, on " + node.engine());
    settings.tokens().stream()
        .filter(Token::isShort)
        .forEach(
            token ->
                Main.say(
                    "warning: token '%s' has only %d characters: at least %d random ones cannot be guessed"
                        .formatted(token.name(), token.secret().length(), Token.SAFE_LENGTH)));
    System.out.println("UPSTASH_REDIS_REST_URL=" + settings.url());
    if (settings.madeToken()) {
      // One that was given is known already, and would be one more copy, in a log perhaps.
      System.out.println("UPSTASH_REDIS_REST_TOKEN=" + settings.tokens().get(0).secret());
    }
    System.out.println("larder is ready");
    System.out.flush();
  }

  /** Flags first, then the environment, then the configuration, then defaults. */
  Settings settings() {
    String configFile = given("--config", config, "name a file, or leave it out");
    Config file = configFile == null ? Config.NONE : ConfigFile.read(Path.of(configFile));
    Config.Timeouts timeouts = file.timeouts() == null ? Config.Timeouts.NONE : file.timeouts();
    Config.Limits limits = file.limits() == null ? Config.Limits.NONE : file.limits();
    String given =
        given(
            "--redis",
            redis,
            "name the engine, such as redis://127.0.0.1:6379, or leave it out and the node starts its own");
    String uri = given == null ? file.redis() : given;
    Path directory =
        Path.of(
            or(
                given("--data", data, "name a directory, or leave it out for ./.larder"),
                or(file.data(), ".larder")));
    String bearer =
        given("--token", token, "give the token, or leave it out and the node makes one");
    boolean made = bearer == null && (file.tokens() == null || file.tokens().isEmpty());
    int answerBytes = or(limits.answerBytes(), MemoryLimits.defaultAnswerBytes());
    return new Settings(
        or(file.listen(), "127.0.0.1"),
        free(port == null ? portOr(file.port()) : port(port)),
        uri,
        directory,
        tokens(made ? SecretFile.TOKEN.in(directory) : bearer, file),
        made,
        userTokens(uri, directory, file),
        or(file.eventLoops(), 1),
        or(file.accessLog(), false),
        acceptVulnerableEngine,
        file.scriptTime() == null && uri == null ? SCRIPT_TIME : file.scriptTime(),
        new RestLimits(
            or(limits.requestBytes(), REQUEST_BYTES),
            or(limits.pipelineCommands(), PIPELINE_COMMANDS),
            new EngineLimits(or(file.budget(), BUDGET), answerBytes)),
        new MemoryLimits(
            answerBytes,
            new ByteBudget(or(limits.waitingBytes(), MemoryLimits.defaultBudget())),
            new ByteBudget(or(limits.waitingAnswerBytes(), MemoryLimits.defaultBudget()))),
        new HttpLimits(
            or(limits.lineBytes(), LINE_BYTES),
            or(limits.headerBytes(), HEADER_BYTES),
            or(limits.connections(), CONNECTIONS),
            or(timeouts.idle(), IDLE),
            or(timeouts.request(), REQUEST),
            or(timeouts.write(), WRITE)),
        file.cors() == null ? List.of() : or(file.cors().origins(), List.of()),
        tls(file.tls()));
  }

  /**
   * What a flag says, or else its environment variable. One that is there but empty is refused: a
   * variable that was meant to fill it is not set, and the default would be another engine, or
   * another token, than the one that was meant.
   *
   * @param right what to say instead
   */
  private @Nullable String given(String flag, @Nullable String value, String right) {
    String variable = "LARDER_" + flag.substring(2).toUpperCase(Locale.ROOT);
    return value != null
        ? said(flag, value, right)
        : environment.containsKey(variable)
            ? said(variable, environment.get(variable), right)
            : null;
  }

  private static String said(String where, @Nullable String value, String right) {
    if (value == null || value.isBlank()) {
      throw new StartException(where + " is given but empty: " + right);
    }
    return value;
  }

  private int portOr(@Nullable Integer configured) {
    String given = given("--port", null, "give a number from 0 to 65535, or leave it out for 8079");
    if (given == null) {
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

  private static List<Token> tokens(@Nullable String bearer, Config file) {
    var tokens = new ArrayList<Token>();
    try {
      if (bearer != null) {
        tokens.add(new Token("default", bearer, Access.READ_WRITE));
      }
      if (file.tokens() != null) {
        file.tokens().forEach(entry -> tokens.add(entry.toToken()));
      }
      return Tokens.distinct(tokens);
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Where the engine is the node's own, no other node needs the secret, so that it may make one. On
   * another's engine a second node would make another, and not know the tokens of the first.
   */
  private static @Nullable UserTokens userTokens(
      @Nullable String redis, Path directory, Config file) {
    String secret =
        file.secret() != null
            ? file.secret()
            : redis == null ? SecretFile.SEAL.in(directory) : null;
    try {
      return secret == null ? null : new UserTokens(secret);
    } catch (IllegalArgumentException e) {
      throw new StartException(directory.resolve("seal") + ": " + e.getMessage(), e);
    }
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return Objects.requireNonNullElse(value, otherwise);
  }
}

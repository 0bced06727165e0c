package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary;
import dev.larder.server.RunningNode.Answer;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.topology.RedisCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens for the users of the engine's own access control. */
@SuppressWarnings("NullAway.Init")
class EngineUsersIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final String TOKEN = "the-token-of-the-test-is-not-a-short-one";
  private static final String SECRET = "a-secret-that-all-nodes-have-the-same";
  private static final String READ_ONLY_TOKEN = "a-read-only-token-that-is-not-a-short-one";
  private static RunningNode node;

  /** Another one for each test: with a user goes the connection that the node holds for it. */
  private final String reader = "reader-" + UUID.randomUUID();

  @BeforeAll
  static void start(@TempDir Path scratch) throws IOException {
    node = startWith(SECRET, scratch);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void makeUser() {
    redis
        .process()
        .command("ACL", "SETUSER", reader, "reset", "on", ">right", "~public:*", "+@read");
  }

  private static RunningNode startWith(String secret, Path scratch) throws IOException {
    return startOn(redis.uri(), secret, scratch);
  }

  private static RunningNode startOn(String engine, String secret, Path scratch)
      throws IOException {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            """
            secret: %s
            event-loops: 2
            tokens:
              - { name: browser, token: %s, access: read-only }
            """
                .formatted(secret, READ_ONLY_TOKEN));
    return RunningNode.on(engine, scratch, "--token", TOKEN, "--config", config.toString());
  }

  private String tokenOfReader() {
    Answer made = node.command("ACL", "RESTTOKEN", reader, "right");
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made.body().replaceAll(".*:\"|\"}$", "");
  }

  private Answer asReader(String path) {
    return node.send("GET", path, tokenOfReader(), "");
  }

  @Test
  void itsBearerMayDoWhatTheUserMayAndNothingElse() {
    assertThat(node.get("/set/public:k/v").status()).isEqualTo(200);
    assertThat(asReader("/get/public:k")).isEqualTo(new Answer(200, "{\"result\":\"v\"}"));
    assertThat(asReader("/set/public:k/w").body()).startsWith("{\"error\":\"NOPERM ");
    assertThat(asReader("/get/secret:k").body()).startsWith("{\"error\":\"NOPERM ");
    assertThat(node.get("/get/public:k").body()).isEqualTo("{\"result\":\"v\"}");
  }

  @Test
  void aWrongPasswordOrNameMakesNone() {
    for (String name : new String[] {reader, "nobody"}) {
      assertThat(node.command("ACL", "RESTTOKEN", name, "wrong"))
          .isEqualTo(
              new Answer(
                  400,
                  "{\"error\":\"ERR Wrong password or user \\\""
                      + name
                      + "\\\" does not exist\"}"));
    }
    assertThat(node.command("ACL", "RESTTOKEN", reader).body())
        .contains("wrong number of arguments");
    assertThat(node.command("ACL", "LIST").body()).contains("not available over REST");
  }

  @Test
  void itOutlivesTheNodeButNotTheSecret(@TempDir Path scratch) throws IOException {
    String token = tokenOfReader();
    try (RunningNode again = startWith(SECRET, scratch)) {
      assertThat(again.send("GET", "/get/public:k", token, "").status()).isEqualTo(200);
    }
    try (RunningNode other = startWith(SECRET + "!", scratch)) {
      assertThat(other.send("GET", "/get/public:k", token, "").status()).isEqualTo(401);
    }
  }

  @Test
  void withoutASecretThatTheNodesShareThereIsNone(@TempDir Path scratch) {
    try (RunningNode alone = RunningNode.on(redis.uri(), scratch, "--token", TOKEN)) {
      for (String password : new String[] {"right", "wrong"}) {
        Answer refused = alone.command("ACL", "RESTTOKEN", reader, password);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body())
            .startsWith("{\"error\":\"ERR ACL RESTTOKEN is not available: ")
            .contains("set the key 'secret' in the configuration of each");
      }
      assertThat(alone.send("GET", "/get/public:k", tokenOfReader(), "").status()).isEqualTo(401);
    }
  }

  @Test
  void itIsOverWithTheUsersPassword(@TempDir Path scratch) throws IOException {
    String token = tokenOfReader();
    redis.process().command("ACL", "SETUSER", reader, "resetpass", ">new");
    try (RunningNode again = startWith(SECRET, scratch)) {
      assertThat(again.send("GET", "/get/public:k", token, "").status()).isEqualTo(401);
    }
  }

  @Test
  void onlyTheNodesOwnReadWriteTokensMayAskForOne() {
    long connections = connectionsSoFar();
    String command = "[\"acl\",\"resttoken\",\"" + reader + "\",\"right\"]";
    assertThat(node.send("POST", "/", READ_ONLY_TOKEN, command))
        .isEqualTo(
            new Answer(
                400,
                "{\"error\":\"NOPERM this user has no permissions to run the 'acl|resttoken' command:"
                    + " the token is read-only\"}"));
    assertThat(node.send("GET", "/ACL/RESTTOKEN/default/x", READ_ONLY_TOKEN, "").body())
        .startsWith("{\"error\":\"NOPERM ");
    // One for the command that counts them.
    assertThat(connectionsSoFar()).as("the engine was not asked").isEqualTo(connections + 1);
    assertThat(node.send("POST", "/", tokenOfReader(), command).body())
        .startsWith("{\"error\":\"NOPERM ")
        .contains("one of the engine's users");
  }

  private static long connectionsSoFar() {
    return Long.parseLong(
        redis
            .process()
            .command("INFO", "stats")
            .replaceAll("(?s).*total_connections_received:(\\d+).*", "$1"));
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.larder.testkit.Engines#each")
  void aUserWithoutAPasswordGetsNone(EngineBinary binary, @TempDir Path scratch)
      throws IOException {
    try (RedisProcess engine = RedisProcess.start(it -> it.binary(binary));
        RunningNode door = startOn(engine.uri(), SECRET, scratch)) {
      engine.command("ACL", "SETUSER", "open", "on", "nopass", "~*", "+@read");
      engine.command("ACL", "SETUSER", "shut", "off", ">right", "~*", "+@read");
      engine.command("ACL", "SETUSER", "fine", "on", ">right", "~*", "+@read");
      for (String name : List.of("default", "open")) {
        for (int i = 0; i < 10; i++) { // no guesses, so that they take no permits
          assertThat(door.command("ACL", "RESTTOKEN", name, "anything"))
              .isEqualTo(
                  new Answer(
                      400,
                      "{\"error\":\"ERR user \\\""
                          + name
                          + "\\\" has no password, so that anybody could be him: give him one, with"
                          + " ACL SETUSER on the engine\"}"));
        }
      }
      assertThat(door.command("ACL", "RESTTOKEN", "shut", "right").body())
          .contains("Wrong password or user");
      assertThat(door.command("ACL", "RESTTOKEN", "fine", "right").body()).contains("acl_");
      assertThat(clients(engine)).as("no connection is left behind").isLessThan(8);
    }
  }

  private static int clients(RedisProcess engine) {
    return Integer.parseInt(
        engine.command("INFO", "clients").replaceAll("(?s).*connected_clients:(\\d+).*", "$1"));
  }

  @Test
  void wrongPasswordsAreLimitedForEachName(@TempDir Path scratch) throws Exception {
    String other = "other-" + reader;
    redis.process().command("ACL", "SETUSER", other, "reset", "on", ">right", "~*", "+@read");
    try (RunningNode guessed = startWith(SECRET, scratch)) {
      for (int i = 0; i < 5; i++) {
        try (RawHttp connection = guessed.connect()) { // whichever event loop takes it
          connection.post("/", TOKEN, restToken(reader, "wrong" + i));
          assertThat(connection.read().status()).isEqualTo(400);
        }
      }
      for (String password : List.of("wrong", "right")) {
        try (RawHttp connection = guessed.connect()) {
          connection.post("/", TOKEN, restToken(reader, password));
          RawHttp.Response refused = connection.read();
          assertThat(refused.status()).as(refused.body()).isEqualTo(429);
          assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isBetween(1, 60);
          assertThat(refused.body())
              .startsWith(
                  "{\"error\":\"ERR too many passwords were tried with ACL RESTTOKEN: try again in ");
        }
      }
      for (int i = 0; i < 10; i++) {
        assertThat(guessed.command("ACL", "RESTTOKEN", other, "right").status()).isEqualTo(200);
      }
      assertThat(guessed.get("/ping").status()).isEqualTo(200);
    }
  }

  private static String restToken(String name, String password) {
    return "[\"ACL\",\"RESTTOKEN\",\"%s\",\"%s\"]".formatted(name, password);
  }

  @Test
  void onAClusterTheyAreMadeAlikeAlsoForUsersWhoMayNotAskAboutIt(@TempDir Path scratch)
      throws IOException {
    try (RedisCluster cluster = RedisCluster.start();
        RunningNode door = startOn(cluster.uri(), SECRET, scratch)) {
      cluster
          .nodes()
          .forEach(it -> it.command("ACL", "SETUSER", reader, "on", ">right", "~*", "+get"));
      assertThat(door.command("ACL", "RESTTOKEN", reader, "right").body()).contains("acl_");
      assertThat(door.command("ACL", "RESTTOKEN", reader, "wrong").body())
          .contains("Wrong password or user");
      assertThat(door.command("ACL", "RESTTOKEN", "default", "x").body())
          .contains("has no password");
      assertThat(door.command("SET", "k", "v").status()).isEqualTo(200);
    }
  }
}

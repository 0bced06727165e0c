package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.server.RunningNode.Answer;
import dev.larder.testkit.RealRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tokens for the users of the engine's own access control. */
@SuppressWarnings("NullAway.Init")
class EngineUsersIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private static final String TOKEN = "the-token-of-the-test-is-not-a-short-one";
  private static final String SECRET = "a-secret-that-all-nodes-have-the-same";
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
    Path config = Files.writeString(scratch.resolve("larder.yaml"), "secret: " + secret);
    return RunningNode.on(redis.uri(), scratch, "--token", TOKEN, "--config", config.toString());
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
}

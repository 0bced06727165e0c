package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.server.RunningNode.Answer;
import dev.larder.testkit.RealRedis;
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

  private static final String TOKEN = "the-token-of-the-test";
  private static RunningNode node;

  /** Another one for each test: with a user goes the connection that the node holds for it. */
  private final String reader = "reader-" + UUID.randomUUID();

  @BeforeAll
  static void start(@TempDir Path scratch) {
    node = startWith(TOKEN, scratch);
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

  private static RunningNode startWith(String token, Path scratch) {
    return RunningNode.on(redis.uri(), scratch, "--token", token);
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
  void itOutlivesTheNodeButNotTheNodesOwnToken(@TempDir Path scratch) {
    String token = tokenOfReader();
    try (RunningNode again = startWith(TOKEN, scratch)) {
      assertThat(again.send("GET", "/get/public:k", token, "").status()).isEqualTo(200);
    }
    try (RunningNode other = startWith("another-token-of-the-test", scratch)) {
      assertThat(other.send("GET", "/get/public:k", token, "").status()).isEqualTo(401);
    }
  }

  @Test
  void itIsOverWithTheUsersPassword(@TempDir Path scratch) {
    String token = tokenOfReader();
    redis.process().command("ACL", "SETUSER", reader, "resetpass", ">new");
    try (RunningNode again = startWith(TOKEN, scratch)) {
      assertThat(again.send("GET", "/get/public:k", token, "").status()).isEqualTo(401);
    }
  }
}

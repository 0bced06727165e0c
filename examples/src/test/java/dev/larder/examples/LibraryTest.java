package dev.larder.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.redis.Command;
import dev.larder.redis.NodeId;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.RedisOutcomeUnknownException;
import dev.larder.redis.RedisUnavailableException;
import dev.larder.redis.Reply;
import dev.larder.redis.Script;
import dev.larder.redis.ScriptCall;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RealRedis;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LibraryTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  private final String uri = engine.uri();

  @Test
  void sendsCommands() {
    // region connect
    try (Redis redis = LettuceRedis.connect(RedisUri.parse(uri))) { // redis://127.0.0.1:6379
      redis.send(Command.of("SET").key("greeting").arg("hello").arg("EX").arg(60));
      Reply reply = redis.send(Command.of("GET").key("greeting")).toCompletableFuture().join();
      System.out.println(reply.text()); // hello
    }
    // endregion
  }

  @Test
  void tellsTheOutcomeOfEachCall() {
    try (Redis redis = LettuceRedis.connect(RedisUri.parse(uri))) {
      List<String> told =
          redis
              // region batch
              .sendAll(List.of(Command.of("INCR").key("a"), Command.of("INCR").key("b")))
              .thenApply(outcomes -> outcomes.stream().map(this::told).toList())
              // endregion
              .toCompletableFuture()
              .orTimeout(90, SECONDS)
              .join();
      assertThat(told).containsExactly("counted to 1", "counted to 1");
    }
  }

  private String told(Outcome outcome) {
    // region outcomes
    if (outcome instanceof Outcome.Answered answered) {
      return answered.reply() instanceof Reply.Failure failure
          ? "refused by Redis: " + failure.kind()
          : "counted to " + answered.reply().number();
    }
    return outcome instanceof Outcome.NotSent
        ? "did not happen, may be tried again"
        : "may have happened, must not be tried again blindly";
    // endregion
  }

  @Test
  void runsScripts() {
    try (Redis redis = LettuceRedis.connect(RedisUri.parse(uri))) {
      // region script
      Script countTo = Script.beside(LibraryTest.class, "count_to.lua"); // a file beside the class
      CompletionStage<Reply> counted =
          redis.send(
              new ScriptCall(
                  countTo, List.of("visits".getBytes(UTF_8)), List.of("10".getBytes(UTF_8))));
      // endregion
      assertThat(counted.toCompletableFuture().orTimeout(90, SECONDS).join().number()).isEqualTo(1);
    }
  }

  @Test
  void asksEveryPrimary() {
    try (Redis redis = LettuceRedis.connect(RedisUri.parse(uri))) {
      // region primaries
      CompletionStage<Map<NodeId, Outcome>> sizes =
          redis.sendToPrimaries(Command.of("DBSIZE")); // of a Cluster; elsewhere of the one engine
      // endregion
      assertThat(sizes.toCompletableFuture().orTimeout(90, SECONDS).join()).hasSize(1);
    }
  }

  @Test
  void tellsWhatAFaultMeans() {
    try (Redis redis = LettuceRedis.connect(RedisUri.parse(uri), it -> it.budget(ofSeconds(5)))) {
      CompletionStage<String> price =
          // region faults
          redis
              .send(Command.of("GET").key("price"))
              .handle(
                  (reply, fault) -> {
                    if (fault instanceof RedisUnavailableException
                        || fault instanceof RedisOutcomeUnknownException) {
                      return "the one from the database"; // a read may be given up either way
                    }
                    return reply instanceof Reply.Bulk ? reply.text() : "none";
                  });
      // endregion
      assertThat(price.toCompletableFuture().orTimeout(90, SECONDS).join()).isEqualTo("none");
    }
  }
}

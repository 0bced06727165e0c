package dev.larder.server.rest;

import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.server.rest.TestDoor.Answer;
import dev.larder.testkit.RealRedis;
import dev.larder.testkit.relay.TcpRelay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users of the engine, more of them than the node keeps connected, at one door. */
class LanesIT {
  private static final String GET = "[\"GET\",\"k\"]";

  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  private TcpRelay relay;
  private TestDoor door;

  @BeforeEach
  void open() {
    relay = TcpRelay.to(redis.process().port());
    door = new TestDoor("redis://127.0.0.1:" + relay.port(), Duration.ofSeconds(20));
    range(0, 100)
        .forEach(
            i ->
                redis
                    .process()
                    .command(
                        "ACL",
                        "SETUSER",
                        "user" + i,
                        "reset",
                        "on",
                        ">right",
                        "~*",
                        "&user" + i,
                        "+@read",
                        "+@pubsub"));
  }

  @AfterEach
  void close() {
    door.close();
    relay.close();
    redis.process().reset();
  }

  private static String token(int user) {
    return TestDoor.tokenOf("user" + user, "right");
  }

  private List<String> subscribed() {
    List<String> events = door.stream(token(0), "/subscribe/user0");
    await().until(() -> !events.isEmpty());
    return events;
  }

  private static long connections() {
    return redis.process().command("CLIENT", "LIST").lines().count();
  }

  private void hears(List<String> events) {
    redis.process().command("PUBLISH", "user0", "still there?");
    await().untilAsserted(() -> assertThat(events).contains("data: message,user0,still there?"));
  }

  @Test
  void oneWhoListensIsNotDisconnectedByOthersWhoCome() {
    List<String> events = subscribed();
    range(1, 100)
        .forEach(
            i ->
                assertThat(door.postLater(token(i), "/", GET).join())
                    .isEqualTo(new Answer(200, "{\"result\":null}")));
    hears(events);
    // 64 users with a connection each, the listener's second one, the node's own, this one's.
    await().untilAsserted(() -> assertThat(connections()).isLessThanOrEqualTo(70));
  }

  @Test
  void wrongPasswordsDisconnectNobodyAndLeaveNothingBehind() {
    List<String> events = subscribed();
    long before = connections();
    for (int i = 0; i < 100; i++) {
      String wrong = TestDoor.tokenOf("user" + i % 3, "wrong" + i);
      assertThat(door.postLater(wrong, "/", GET).join().status()).isEqualTo(401);
    }
    hears(events);
    await().untilAsserted(() -> assertThat(connections()).isLessThanOrEqualTo(before));
  }

  @Test
  void callersWithTheSameWrongPasswordAreAllToldSo() {
    String wrong = TestDoor.tokenOf("user1", "wrong");
    List<CompletableFuture<Answer>> answers =
        range(0, 20).mapToObj(i -> door.postLater(wrong, "/", GET)).toList();
    assertThat(answers)
        .allSatisfy(
            it ->
                assertThat(it.join())
                    .isEqualTo(
                        new Answer(
                            401,
                            "{\"error\":\"ERR Wrong password or user \\\"user1\\\" does not exist\"}")));
  }

  @Test
  void logginInIsWithinTheBudget() {
    try (var impatient =
        new TestDoor("redis://127.0.0.1:" + relay.port(), Duration.ofMillis(300))) {
      relay.stall();
      long began = System.nanoTime();
      Answer answer = impatient.postLater(token(1), "/", GET).join();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).contains("nothing was executed");
      assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(3).toNanos());
      relay.resume();
      await()
          .untilAsserted(
              () ->
                  assertThat(impatient.postLater(token(1), "/", GET).join().status())
                      .isEqualTo(200));
    }
  }

  @Test
  void manyWhoLogInAtATimeAreBounded() {
    relay.stall();
    List<CompletableFuture<Answer>> answers =
        range(0, 60).mapToObj(i -> door.postLater(token(i), "/", GET)).toList();
    await()
        .untilAsserted(
            () ->
                assertThat(answers.stream().filter(CompletableFuture::isDone).count())
                    .isEqualTo(60 - Lanes.MOST_CONNECTING));
    assertThat(answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
        .allSatisfy(it -> assertThat(it.body()).contains("users are logging in already"));
    relay.resume();
    assertThat(answers.stream().map(CompletableFuture::join).filter(it -> it.status() == 200))
        .hasSize(Lanes.MOST_CONNECTING);
  }

  @Test
  void whatAUserMayNotStreamIsRefusedInTheEnginesWords() {
    assertThat(door.postLater(token(1), "/subscribe/user2", "[]").join())
        .satisfies(it -> assertThat(it.status()).isEqualTo(400))
        .satisfies(it -> assertThat(it.body()).startsWith("{\"error\":\"NOPERM "));
    assertThat(door.postLater(token(1), "/monitor", "[]").join())
        .satisfies(it -> assertThat(it.status()).isEqualTo(400))
        .satisfies(it -> assertThat(it.body()).startsWith("{\"error\":\"NOPERM "));
  }
}

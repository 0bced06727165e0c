package dev.larder.redis.lettuce;

import static dev.larder.redis.lettuce.Patient.join;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.testkit.RealRedis;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** "Threads": on which of them stages complete, and which may wait. */
class ThreadsTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  private Redis redis;

  @BeforeEach
  void connect() {
    redis = Patient.connect(engine.process().uri());
  }

  @AfterEach
  void close() {
    redis.close();
  }

  private static CompletableFuture<Thread> threadOf(CompletableFuture<Reply> stage) {
    return stage.handle((reply, fault) -> Thread.currentThread());
  }

  @Test
  void repliesAndTimeoutsCompleteOnTheOneLoop() {
    engine.process().pause();
    CompletableFuture<Thread> replied =
        threadOf(redis.send(Command.of("PING")).toCompletableFuture());
    CompletableFuture<Thread> late =
        threadOf(redis.within(ofSeconds(1)).send(Command.of("PING")).toCompletableFuture());
    join(late);
    engine.process().resume();

    assertThat(join(replied)).isSameAs(late.join()).isNotSameAs(Thread.currentThread());
  }

  @Test
  void aSlowStageOnAnExecutorHoldsUpNobody() {
    CompletableFuture<Reply> never = new CompletableFuture<>();
    var unused = redis.send(Command.of("PING")).thenApplyAsync(pong -> never.join());

    assertThat(join(redis.send(Command.of("PING")))).isEqualTo(new Reply.Status("PONG"));
    never.complete(new Reply.Nil());
  }

  @Test
  void aStageMayCloseTheConnection() {
    engine.process().pause();
    CompletableFuture<Void> closed =
        redis.send(Command.of("PING")).thenRun(redis::close).toCompletableFuture();
    engine.process().resume();

    assertThat(closed.orTimeout(90, SECONDS)).succeedsWithin(ofSeconds(90));
  }

  @Test
  void manyVirtualThreadsMayWaitAtOnce() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
    // By reflection, as this is compiled for Java 17.
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    ThreadFactory virtual =
        (ThreadFactory)
            Class.forName("java.lang.Thread$Builder").getMethod("factory").invoke(builder);
    ExecutorService threads = Executors.newFixedThreadPool(2_000, virtual);
    List<Future<String>> answers = new ArrayList<>();
    engine.process().pause();
    for (int i = 0; i < 2_000; i++) {
      Command echo = Command.of("ECHO").arg(i);
      answers.add(threads.submit(() -> redis.send(echo).toCompletableFuture().join().text()));
    }
    engine.process().resume();

    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).get(90, SECONDS)).isEqualTo(Integer.toString(i));
    }
    threads.shutdownNow();
  }
}

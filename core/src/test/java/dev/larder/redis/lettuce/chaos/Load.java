package dev.larder.redis.lettuce.chaos;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.redis.Command;
import dev.larder.redis.NodeId;
import dev.larder.redis.Outcome;
import dev.larder.redis.Redis;
import dev.larder.redis.Reply;
import dev.larder.redis.lettuce.chaos.Made.Told;
import dev.larder.testkit.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Threads that make calls of all kinds at a steady pace while engines and networks are ill-treated:
 * one by one and many together, with budgets short and long, and cancelled now and then.
 */
final class Load implements AutoCloseable {
  private static final int CALLERS = 64;
  private static final int MOST_TOGETHER = 20;
  private static final int IN_FLIGHT = 8;
  private static final int TICKS_A_SECOND = 100;
  private static final int KEYS_AT_ONCE = 500;
  private static final List<Duration> BUDGETS =
      Stream.of(5, 20, 100, 500, 2_000).map(Duration::ofMillis).toList();

  /** How much later than promised a call may end on a machine that does other things as well. */
  private static final Duration LATE = Duration.ofSeconds(5);

  private static final Duration SERVICE = Duration.ofSeconds(30);

  private final Redis redis;
  private final int calls;
  private final AtomicLong numbers = new AtomicLong();
  private final Semaphore pace = new Semaphore(0);
  private final CountDownLatch over = new CountDownLatch(CALLERS);
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<Caller> callers;
  private volatile boolean stopped;

  /**
   * Begins.
   *
   * @param calls how many are made at least
   * @param perSecond how many a second
   */
  Load(Redis redis, int calls, int perSecond) {
    this.redis = redis;
    this.calls = calls;
    this.callers = IntStream.range(0, CALLERS).mapToObj(Caller::new).toList();
    var unused =
        clock.scheduleAtFixedRate(
            () -> pace.release(Math.max(0, perSecond / TICKS_A_SECOND - pace.availablePermits())),
            0,
            1_000 / TICKS_A_SECOND,
            MILLISECONDS);
    callers.forEach(it -> new Thread(it, "caller-" + it.number).start());
  }

  private final class Caller implements Runnable {
    final int number;
    final Queue<Made> made = new ConcurrentLinkedQueue<>();
    final AtomicInteger answered = new AtomicInteger();
    final AtomicInteger lost = new AtomicInteger();
    private final Random random;
    private final Semaphore free = new Semaphore(IN_FLIGHT);

    Caller(int number) {
      this.number = number;
      this.random = new Random(number);
    }

    @Override
    public void run() {
      try {
        while (!stopped) {
          int together = random.nextInt(4) == 0 ? 1 + random.nextInt(MOST_TOGETHER) : 0;
          if (pace.tryAcquire(Math.max(1, together), 1, SECONDS)) {
            assertThat(free.tryAcquire(60, SECONDS)).as("calls end").isTrue();
            call(together);
          }
        }
        assertThat(free.tryAcquire(IN_FLIGHT, 60, SECONDS)).as("calls end").isTrue();
      } catch (Throwable e) {
        wrong.add("caller " + number + ": " + e);
      } finally {
        over.countDown();
      }
    }

    private void call(int together) {
      Duration budget = BUDGETS.get(random.nextInt(BUDGETS.size()));
      Redis view = redis.within(budget);
      long began = System.nanoTime();
      Runnable ended =
          () -> {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (took.compareTo(budget.plus(LATE)) > 0) {
              wrong.add("a call took " + took + " of " + budget);
            }
            free.release();
          };
      CompletableFuture<?> stage =
          random.nextInt(2_000) == 0
              ? forgetScripts(view, ended)
              : together == 0 ? one(view, ended) : many(view, together, ended);
      if (random.nextInt(50) == 0) {
        stage.cancel(true);
      }
    }

    private CompletableFuture<?> one(Redis view, Runnable ended) {
      Made one = next();
      CompletableFuture<Reply> stage = view.send(one.call()).toCompletableFuture();
      var unused =
          stage.whenComplete(
              (reply, fault) -> {
                one.tell(reply, fault);
                count(one);
                ended.run();
              });
      return stage;
    }

    private CompletableFuture<?> many(Redis view, int together, Runnable ended) {
      List<Made> all = Stream.generate(this::next).limit(together).toList();
      CompletableFuture<List<Outcome>> stage =
          view.sendAll(all.stream().map(Made::call).toList()).toCompletableFuture();
      var unused =
          stage.whenComplete(
              (outcomes, fault) -> {
                for (int i = 0; i < together; i++) {
                  if (outcomes == null) {
                    all.get(i).tell(null, fault);
                  } else {
                    all.get(i).tell(outcomes.get(i));
                  }
                  count(all.get(i));
                }
                ended.run();
              });
      return stage;
    }

    private CompletableFuture<?> forgetScripts(Redis view, Runnable ended) {
      CompletableFuture<Map<NodeId, Outcome>> stage =
          view.sendToPrimaries(Command.of("SCRIPT").arg("FLUSH")).toCompletableFuture();
      var unused =
          stage.whenComplete(
              (outcomes, fault) -> {
                if (fault != null && !(fault instanceof CancellationException)) {
                  wrong.add("SCRIPT FLUSH: " + fault);
                }
                ended.run();
              });
      return stage;
    }

    private Made next() {
      Made next = Made.any(numbers.incrementAndGet(), random);
      made.add(next);
      return next;
    }

    private void count(Made one) {
      if (one.told() == Told.ANSWERED) {
        answered.incrementAndGet();
      } else if (one.told() == Told.UNKNOWN || one.told() == Told.NOT_SENT) {
        lost.incrementAndGet();
      } else if (one.told() == Told.WRONG) {
        wrong.add(one.toString());
      }
    }
  }

  /** Returns when every caller has been answered a few times more, which must not take long. */
  void awaitService(String since) {
    long began = System.nanoTime();
    int[] goals = callers.stream().mapToInt(it -> it.answered.get() + 3).toArray();
    await("service, " + since)
        .atMost(SERVICE)
        .until(
            () ->
                !wrong.isEmpty()
                    || callers.stream().allMatch(it -> it.answered.get() >= goals[it.number]));
    assertThat(wrong).isEmpty();
    System.out.printf("%s: served %d ms later%n", since, (System.nanoTime() - began) / 1_000_000);
  }

  /** Returns when every caller has been told once more that there was no answer. */
  void awaitLost() {
    int[] goals = callers.stream().mapToInt(it -> it.lost.get() + 1).toArray();
    await("callers are told")
        .atMost(SERVICE)
        .until(() -> callers.stream().allMatch(it -> it.lost.get() >= goals[it.number]));
  }

  /** Returns when so many more calls have been made. */
  void awaitCalls(int more) {
    long goal = numbers.get() + more;
    await("calls are made").atMost(SERVICE).until(() -> numbers.get() >= goal);
  }

  /** Makes the calls that are still to be made, and waits for what becomes of them. */
  void end() throws InterruptedException {
    await("calls are made").atMost(Duration.ofMinutes(5)).until(() -> numbers.get() >= calls);
    stopped = true;
    assertThat(over.await(90, SECONDS)).as("no caller hangs").isTrue();
    System.out.printf("%d calls: %s%n", numbers.get(), summary());
    assertThat(wrong).isEmpty();
  }

  private Map<Told, Integer> summary() {
    Map<Told, Integer> summary = new EnumMap<>(Told.class);
    all().forEach(it -> summary.merge(it.told() == null ? Told.WRONG : it.told(), 1, Integer::sum));
    return summary;
  }

  private Stream<Made> all() {
    return callers.stream().map(it -> it.made).flatMap(Collection::stream);
  }

  /**
   * Proves what the counters hold.
   *
   * @param owner who has the keys of a tag
   * @param lossy whether another engine took over, which may not have heard of the last writes
   * @param damage how many calls may have been broken on their way
   */
  void prove(IntFunction<RedisProcess> owner, boolean lossy, int damage) {
    List<String> unexplained = new ArrayList<>();
    for (int tag = 0; tag < Made.TAGS; tag++) {
      int one = tag;
      List<Made> made = all().filter(it -> it.tag() == one && !it.counter().isEmpty()).toList();
      RedisProcess engine = owner.apply(tag);
      for (int from = 0; from < made.size(); from += KEYS_AT_ONCE) {
        List<Made> some = made.subList(from, Math.min(made.size(), from + KEYS_AT_ONCE));
        List<String> held = held(engine, some);
        for (int i = 0; i < some.size(); i++) {
          if (!some.get(i).explains(held.get(i), lossy)) {
            unexplained.add(some.get(i) + ", and " + held.get(i) + " is held");
          }
        }
      }
    }
    List<Made> damaged = all().filter(it -> it.told() == Told.DAMAGED).toList();
    if (damage == 0) {
      assertThat(unexplained).isEmpty();
      assertThat(damaged).isEmpty();
    } else {
      // Where the call was broken on its way, its counter is not the one that was added to.
      assertThat(unexplained).allMatch(it -> it.endsWith(", and (nil) is held"));
      assertThat(unexplained).hasSizeLessThanOrEqualTo(damage);
      assertThat(damaged).hasSizeLessThanOrEqualTo(damage);
    }
  }

  private static List<String> held(RedisProcess engine, List<Made> made) {
    return engine
        .command(
            Stream.concat(Stream.of("MGET"), made.stream().map(Made::counter))
                .toArray(String[]::new))
        .lines()
        .toList();
  }

  @Override
  public void close() {
    stopped = true;
    clock.shutdownNow();
  }
}

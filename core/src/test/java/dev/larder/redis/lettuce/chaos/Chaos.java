package dev.larder.redis.lettuce.chaos;

import static org.awaitility.Awaitility.await;

import dev.larder.redis.Redis;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RedisProcess;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Breaks things under {@link Load}, and proves the account afterwards. */
abstract class Chaos {
  /** Where tests get the engines from. */
  static final String EACH = "dev.larder.testkit.Engines#each";

  /** How many calls are made at least while things break; a soak makes more. */
  int calls() {
    return 10_000;
  }

  /** How often each thing breaks. */
  final int rounds() {
    return calls() / 10_000;
  }

  /** What happens meanwhile. */
  interface Breaking {
    /** Returns how many calls may have been broken on their way. */
    int under(Load load) throws Exception;
  }

  /**
   * Makes calls while things break, and proves what became of them when all is calm again.
   *
   * @param primaries those that have the data in the end
   * @param owner who has the keys of a tag in the end
   * @param lossy whether another engine takes over, which may not have heard of the last writes
   */
  final void survive(
      String uri,
      Supplier<? extends Collection<RedisProcess>> primaries,
      IntFunction<RedisProcess> owner,
      boolean lossy,
      Breaking breaking)
      throws Exception {
    Load made;
    int damage;
    try (Redis redis = LettuceRedis.connect(RedisUri.parse(uri));
        var load = new Load(redis, calls(), Math.max(4_000, calls() / 10))) {
      load.awaitService("connected");
      damage = breaking.under(load);
      load.end();
      made = load;
    }
    for (RedisProcess primary : primaries.get()) {
      awaitCalm(primary);
    }
    made.prove(owner, lossy, damage);
  }

  /** On one engine, which loses nothing. */
  final void survive(String uri, RedisProcess engine, Breaking breaking) throws Exception {
    survive(uri, () -> List.of(engine), tag -> engine, false, breaking);
  }

  /** Whatever was on its way has been executed, or never will be: nobody is connected any more. */
  private static void awaitCalm(RedisProcess engine) {
    await(engine + " is left alone")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                engine
                        .command("CLIENT", "LIST", "TYPE", "normal")
                        .lines()
                        .filter(it -> !it.contains(" name=sentinel"))
                        .count()
                    <= 1);
  }
}

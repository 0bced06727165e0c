package dev.larder.benchmarks.subject.larder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.driver.Driver;
import dev.larder.benchmarks.driver.Result;
import dev.larder.redis.Command;
import dev.larder.redis.Redis;
import dev.larder.redis.lettuce.LettuceRedis;
import dev.larder.redis.uri.RedisUri;
import dev.larder.testkit.RealRedis;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LarderSubjectTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  @Test
  void readsWhatTheEngineHoldsUnderBothKindsOfLoad() throws Exception {
    DataSet data = DataSet.named("zipf-64");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // Time enough for an answer on a machine that is busy with other tests.
    try (Redis redis =
        LettuceRedis.connect(
            RedisUri.parse(engine.uri()), it -> it.budget(Duration.ofSeconds(20)))) {
      redis
          .sendAll(
              IntStream.range(0, DataSet.KEYS)
                  .mapToObj(n -> Command.of("SET").key(DataSet.key(n)).arg(data.value(n)))
                  .toList())
          .toCompletableFuture()
          .get(60, SECONDS);

      String lines = "measure zipf-64 closed 16 200\nmeasure zipf-64 open 500 200\n";
      Driver.serve(
          LarderSubject.client(redis),
          new ByteArrayInputStream(lines.getBytes(UTF_8)),
          new PrintStream(out, true, UTF_8));
    }

    List<String> said = out.toString(UTF_8).lines().toList();
    assertThat(Result.parse(said.get(1)).answered()).isGreaterThanOrEqualTo(16);
    assertThat(Result.parse(said.get(2)).answered()).isEqualTo(100);
  }
}

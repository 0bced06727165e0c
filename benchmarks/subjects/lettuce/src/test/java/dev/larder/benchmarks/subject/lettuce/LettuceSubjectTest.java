package dev.larder.benchmarks.subject.lettuce;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.benchmarks.driver.DataSet;
import dev.larder.benchmarks.driver.Driver;
import dev.larder.benchmarks.driver.Result;
import dev.larder.testkit.RealRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LettuceSubjectTest {
  @RegisterExtension static final RealRedis engine = RealRedis.newest();

  @ParameterizedTest
  @ValueSource(strings = {"plain", "consolidated"})
  void readsWhatTheEngineHoldsUnderBothKindsOfLoad(String variant) throws Exception {
    DataSet data = DataSet.named("zipf-64");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ClientResources resources = LettuceSubject.resources(variant);
    RedisClient client = RedisClient.create(resources, engine.uri());
    try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
      Map<byte[], byte[]> all =
          IntStream.range(0, DataSet.KEYS)
              .boxed()
              .collect(
                  Collectors.toMap(
                      n -> DataSet.key(n).getBytes(US_ASCII),
                      n -> data.value(n).getBytes(US_ASCII)));
      connection.sync().mset(all);

      String lines = "measure zipf-64 closed 16 200\nmeasure zipf-64 open 500 200\n";
      Driver.serve(
          LettuceSubject.client(connection.async()),
          new ByteArrayInputStream(lines.getBytes(UTF_8)),
          new PrintStream(out, true, UTF_8));
    } finally {
      client.shutdown();
      resources.shutdown().syncUninterruptibly();
    }

    List<String> said = out.toString(UTF_8).lines().toList();
    assertThat(Result.parse(said.get(1)).answered()).isGreaterThanOrEqualTo(16);
    assertThat(Result.parse(said.get(2)).answered()).isEqualTo(100);
  }

  @Test
  void aVariantThatIsNoneIsNamed() {
    assertThatThrownBy(() -> LettuceSubject.resources("fast"))
        .hasMessage("plain or consolidated, was fast");
  }
}

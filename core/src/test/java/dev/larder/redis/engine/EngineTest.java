package dev.larder.redis.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.redis.Reply;
import dev.larder.redis.UnexpectedReplyException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On texts written after the format that the documentation of INFO describes, for engines that may
 * not be at hand; {@code EngineDetectionTest} asks those that are.
 */
class EngineTest {
  private static final Reply NO_COMMANDS = new Reply.Array(List.of());

  private static Reply info(String fields) {
    return new Reply.Bulk(("# Server\r\n" + fields.replace(" ", "\r\n") + "\r\n").getBytes(UTF_8));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "redis_version:6.2.11 redis_mode:standalone run_id:a,redis 6.2.11,false",
    "redis_version:8.2.1 redis_mode:cluster run_id:a,redis 8.2.1,true",
    "redis_version:7.2.4 server_name:valkey valkey_version:8.1.3 server_mode:standalone run_id:a,valkey 8.1.3,false",
    "redis_version:7.2.4 server_name:valkey valkey_version:9.0.0 server_mode:cluster run_id:a,valkey 9.0.0,true",
    "redis_version:7.2.4 server_name:redis valkey_version:8.0.1 redis_mode:cluster run_id:a,valkey 8.0.1,true",
  })
  void isReadFromInfo(String fields, String shown, boolean clustered) {
    Engine engine = EngineReplies.engine(info(fields), NO_COMMANDS);

    assertThat(engine).hasToString(shown);
    assertThat(engine.runId()).isEqualTo("a");
    assertThat(engine.clustered()).isEqualTo(clustered);
  }

  @Test
  void namesWhatInfoLacks() {
    assertThatThrownBy(() -> EngineReplies.engine(info("redis_version:7.0.0"), NO_COMMANDS))
        .isInstanceOf(UnexpectedReplyException.class)
        .hasMessage("expected the field run_id from INFO server, had [redis_version]");
  }

  @Test
  void isNotReadFromOtherErrorsThanMissingRights() {
    var loading = new Reply.Failure("LOADING Redis is loading the dataset in memory");

    assertThatThrownBy(() -> EngineReplies.engine(loading, NO_COMMANDS))
        .isInstanceOf(UnexpectedReplyException.class)
        .hasMessageContaining("LOADING");
    assertThatThrownBy(() -> EngineReplies.engine(info("redis_version:7.0.0 run_id:a"), loading))
        .isInstanceOf(UnexpectedReplyException.class)
        .hasMessageContaining("LOADING");
  }
}

package dev.larder.redis.lettuce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.netty.util.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Core is tested on the line of Lettuce that the build names, with the Netty that this one brings.
 */
class LettuceLineTest {
  private static final Pattern OWN_VERSION =
      Pattern.compile("<artifactId>lettuce-core</artifactId>\\s*<version>([^<]+)<");
  private static final Pattern NETTY_VERSION =
      Pattern.compile("<artifactId>netty-common</artifactId>\\s*<version>([^<]+)<");

  private final String pom = pomOfLettuce();

  @Test
  void lettuceIsTheOneThatTheBuildNames() {
    assertThat(first(OWN_VERSION)).isEqualTo(System.getProperty("larder.lettuce.version"));
  }

  @Test
  void allOfNettyIsWhatThisLettuceBrings() {
    assertThat(Version.identify())
        .containsKeys("netty-common", "netty-handler", "netty-transport-native-epoll")
        .allSatisfy(
            (artifact, version) ->
                assertThat(version.artifactVersion()).isEqualTo(first(NETTY_VERSION)));
  }

  private String first(Pattern version) {
    Matcher found = version.matcher(pom);
    assertThat(found.find()).as(pom).isTrue();
    return found.group(1);
  }

  private static String pomOfLettuce() {
    String path = "/META-INF/maven/io.lettuce/lettuce-core/pom.xml";
    try (InputStream in = Objects.requireNonNull(RedisClient.class.getResourceAsStream(path))) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

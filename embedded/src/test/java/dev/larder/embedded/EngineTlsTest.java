package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.larder.embedded.EngineBinary.Origin;
import dev.larder.embedded.net.RespClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EngineTlsTest {
  @TempDir static Path certificates;
  private static EngineTls tls;
  private static SSLContext strangers;
  @TempDir Path temp;

  @BeforeAll
  static void make() throws IOException {
    tls = EngineTls.selfSigned(certificates);
    strangers =
        EngineTls.selfSigned(Files.createDirectory(certificates.resolve("other"))).clientContext();
  }

  @ParameterizedTest
  @EnumSource
  void isSpokenOnTheOnePortThatTheEngineHas(Origin origin) throws IOException {
    assumeThat(origin == Origin.BUNDLED || !EngineBinary.onPath().isEmpty())
        .as("an engine on the PATH")
        .isTrue();
    EngineBinary binary =
        origin == Origin.BUNDLED ? EngineBinary.bundled() : EngineBinary.onPath().get(0);
    var settings = new EngineSettings(binary, temp, "secret", List.of(), tls);
    try (var engine = EngineProcess.startOnFreePort(settings)) {
      assertThat(engine.uri()).isEqualTo("rediss://:secret@127.0.0.1:" + engine.port());
      assertThat(engine.command("PING")).isEqualTo("PONG");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> RespClient.connect(engine.port(), it -> it.password("secret")));
      assertThatExceptionOfType(SSLException.class)
          .isThrownBy(() -> engine.connect(it -> it.tls(strangers)));
    }
  }

  @Test
  void namesTheFileThatHoldsNoCertificate() {
    var nonsense = new EngineTls(tls.certificate(), tls.key(), temp.resolve("missing.pem"));
    assertThatExceptionOfType(EmbeddedRedisException.class)
        .isThrownBy(nonsense::clientContext)
        .withMessageContaining("missing.pem");
  }
}

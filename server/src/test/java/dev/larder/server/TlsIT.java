package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.testkit.RealRedis;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS from PEM files. */
class TlsIT {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  @TempDir Path scratch;

  @Test
  void speaksHttp2AndServesARenewedCertificateWithoutARestart() throws Exception {
    PemPair.ec("first").write(pem("cert"), pem("key"));
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            "tls: {certificate: %s, key: %s}\n".formatted(pem("cert"), pem("key")));
    try (RunningNode node =
        RunningNode.on(
            redis.uri(),
            scratch,
            "--token",
            "the-token-of-the-test",
            "--config",
            config.toString())) {
      assertThat(node.url().getScheme()).isEqualTo("https");
      HttpResponse<String> answer =
          HttpClient.newBuilder()
              .sslContext(trusting())
              .build()
              .send(
                  HttpRequest.newBuilder(node.url().resolve("/set/k/v"))
                      .timeout(Duration.ofSeconds(60))
                      .header("Authorization", "Bearer the-token-of-the-test")
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).isEqualTo("{\"result\":\"OK\"}");
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      assertThat(subject(node.url().getPort())).isEqualTo("CN=first");
      PemPair second = PemPair.ec("second");
      // A key comes before its certificate, or behind it, and half of either before the whole.
      Files.writeString(pem("key"), second.key());
      await().until(() -> String.join("\n", node.err()).contains("does not belong to"));
      assertThat(subject(node.url().getPort())).isEqualTo("CN=first");
      Files.writeString(pem("cert"), second.certificate());
      await().until(() -> subject(node.url().getPort()).equals("CN=second"));
      Files.writeString(pem("cert"), "no certificate");
      await().until(() -> String.join("\n", node.err()).contains("cannot use the certificate"));
      assertThat(subject(node.url().getPort())).isEqualTo("CN=second");
      assertThat(String.join("\n", node.err())).doesNotContain("cannot use the new certificate");
    }
  }

  @Test
  void doesNotStartWithTheKeyOfAnotherCertificate() throws Exception {
    PemPair.ec("first").write(pem("cert"), pem("key"));
    Files.writeString(pem("key"), PemPair.ec("second").key());
    RunningNode.Ended ended = ended(pem("cert"), pem("key"));
    assertThat(ended.exit()).isNotZero();
    assertThat(ended.err())
        .singleElement()
        .asString()
        .contains("the key " + pem("key") + " does not belong to the certificate " + pem("cert"));
  }

  @Test
  void aMissingFileIsTold() throws Exception {
    RunningNode.Ended ended = ended(Path.of("no.pem"), Path.of("no.pem"));
    assertThat(ended.exit()).isNotZero();
    assertThat(ended.err())
        .singleElement()
        .asString()
        .contains("cannot read the certificate: no such file: no.pem");
  }

  private RunningNode.Ended ended(Path certificate, Path key) throws Exception {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"),
            "tls: {certificate: %s, key: %s}\n".formatted(certificate, key));
    return RunningNode.run(
        scratch,
        "serve",
        "--port",
        "0",
        "--data",
        scratch.toString(),
        "--redis",
        redis.uri(),
        "--config",
        config.toString());
  }

  private Path pem(String name) {
    return scratch.resolve(name + ".pem");
  }

  private static String subject(int port) throws Exception {
    try (var socket = (SSLSocket) trusting().getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket.startHandshake();
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    }
  }

  private static SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustingAll()}, null);
    return context;
  }

  /** The certificates of this test are signed by nobody. */
  private static final class TrustingAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

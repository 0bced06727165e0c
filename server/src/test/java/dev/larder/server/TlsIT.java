package dev.larder.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.larder.testkit.RealRedis;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
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
    certify("first");
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
      certify("second");
      await().until(() -> subject(node.url().getPort()).equals("CN=second"));
      Files.writeString(pem("cert"), "no certificate");
      await().until(() -> String.join("\n", node.err()).contains("cannot use the new certificate"));
      assertThat(subject(node.url().getPort())).isEqualTo("CN=second");
    }
  }

  @Test
  void aMissingFileIsTold() throws Exception {
    Path config =
        Files.writeString(
            scratch.resolve("larder.yaml"), "tls: {certificate: no.pem, key: no.pem}\n");
    RunningNode.Ended ended =
        RunningNode.run(
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
    assertThat(ended.exit()).isNotZero();
    assertThat(ended.err())
        .singleElement()
        .asString()
        .contains("cannot read the certificate: no such file: no.pem");
  }

  private Path pem(String name) {
    return scratch.resolve(name + ".pem");
  }

  private void certify(String name) throws Exception {
    Path store = scratch.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-alias",
                "it",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    write(pem("key"), "PRIVATE KEY", keys.getKey("it", "changeit".toCharArray()).getEncoded());
    write(pem("cert"), "CERTIFICATE", keys.getCertificate("it").getEncoded());
  }

  private static void write(Path file, String kind, byte[] der) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
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

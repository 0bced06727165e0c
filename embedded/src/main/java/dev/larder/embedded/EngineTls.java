package dev.larder.embedded;

import dev.larder.embedded.system.PrivateFiles;
import dev.larder.embedded.system.SystemCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The PEM files with which an engine speaks TLS. It asks its clients for no certificate.
 *
 * @param certificate the engine's certificate
 * @param key its private key
 * @param authority the certificates of those who may have signed it
 */
public record EngineTls(Path certificate, Path key, Path authority) {
  private static final String ALIAS = "engine";
  // Of a file that is deleted again at once.
  private static final String STORE_PASSWORD = "only for a moment";

  /**
   * Makes a key and a certificate for 127.0.0.1 and localhost that is its own authority, valid for
   * a year, by the {@code keytool} of this JDK: for development and tests.
   *
   * @param directory where to write the files; nobody else should be able to read there
   * @throws EmbeddedRedisException if it cannot
   */
  public static EngineTls selfSigned(Path directory) {
    Path store = directory.resolve("tls.p12");
    try {
      keytool(store);
      var keys = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
      Path certificate = directory.resolve("tls.crt");
      Path key = directory.resolve("tls.key");
      PrivateFiles.write(certificate, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
      PrivateFiles.write(
          key, pem("PRIVATE KEY", keys.getKey(ALIAS, STORE_PASSWORD.toCharArray()).getEncoded()));
      Files.delete(store);
      return new EngineTls(certificate, key, certificate);
    } catch (IOException | GeneralSecurityException e) {
      throw new EmbeddedRedisException("cannot make a certificate: " + e.getMessage(), e);
    }
  }

  private static void keytool(Path store) throws IOException {
    var outcome =
        SystemCommand.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "365",
                "-storetype",
                "PKCS12",
                "-storepass",
                STORE_PASSWORD,
                "-keystore",
                store.toString()));
    if (outcome.status() != 0) {
      throw new IOException(outcome.output());
    }
  }

  private static String pem(String type, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(type, base64);
  }

  List<String> directives() {
    return List.of(
        directive("tls-cert-file", certificate),
        directive("tls-key-file", key),
        directive("tls-ca-cert-file", authority),
        "tls-auth-clients no");
  }

  private static String directive(String name, Path file) {
    return name + " \"" + file.toAbsolutePath() + "\"";
  }

  /**
   * For clients: trusts what the authority has signed, and nothing else.
   *
   * @throws EmbeddedRedisException if its file cannot be read
   */
  public SSLContext clientContext() {
    try (var in = Files.newInputStream(authority)) {
      var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate it : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("authority " + trusted.size(), it);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new EmbeddedRedisException(
          "cannot read certificates from " + authority + ": " + e.getMessage(), e);
    }
  }
}

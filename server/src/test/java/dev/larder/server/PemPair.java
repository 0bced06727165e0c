package dev.larder.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A certificate that is signed by nobody but itself, and its key, as text in PEM. */
public record PemPair(String certificate, String key) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** A new one on an elliptic curve. */
  public static PemPair ec(String name) {
    return made(name, "-keyalg", "EC", "-groupname", "secp256r1");
  }

  /** A new one. */
  public static PemPair rsa(String name) {
    return made(name, "-keyalg", "RSA", "-keysize", "2048");
  }

  /** The same key in the older form of RSA keys, PKCS #1, which PKCS #8 has within. */
  public PemPair pkcs1() {
    byte[] der =
        Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", "").getBytes(US_ASCII));
    // The 26 bytes before it name the algorithm.
    return new PemPair(
        certificate, pem("RSA PRIVATE KEY", Arrays.copyOfRange(der, 26, der.length)));
  }

  /** Writes both where the node reads them. */
  public void write(Path certificateFile, Path keyFile) throws IOException {
    Files.writeString(certificateFile, certificate);
    Files.writeString(keyFile, key);
  }

  private static PemPair made(String name, String... algorithm) {
    try {
      Path store = Files.createTempDirectory("pem").resolve("store.p12");
      var command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "it",
                  "-dname",
                  "CN=" + name,
                  "-ext",
                  "SAN=ip:127.0.0.1",
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  new String(PASSWORD),
                  "-keystore",
                  store.toString()));
      command.addAll(List.of(algorithm));
      Process keytool = new ProcessBuilder(command).inheritIO().start();
      assertThat(keytool.waitFor(60, SECONDS)).isTrue();
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD);
      }
      Files.delete(store);
      Files.delete(store.getParent());
      return new PemPair(
          pem("CERTIFICATE", keys.getCertificate("it").getEncoded()),
          pem("PRIVATE KEY", keys.getKey("it", PASSWORD).getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }
}

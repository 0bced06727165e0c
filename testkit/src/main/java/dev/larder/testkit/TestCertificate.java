package dev.larder.testkit;

import dev.larder.embedded.EngineTls;
import dev.larder.embedded.system.TemporaryDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/**
 * The certificate of every engine that is started with {@link EngineOptions#tls()}: made once per
 * JVM by the JDK's {@code keytool}, for 127.0.0.1 and localhost, and signed by itself.
 */
public final class TestCertificate {
  private TestCertificate() {}

  private static final class Once {
    static final EngineTls FILES = make();
  }

  private static EngineTls make() {
    try {
      var directory = TemporaryDirectory.create();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
      return EngineTls.selfSigned(directory.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(TemporaryDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static EngineTls files() {
    return Once.FILES;
  }

  /**
   * The certificate as a PEM file, for clients that are told whom to trust by a file. It exists
   * until this JVM ends.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if the certificate cannot be made
   */
  public static Path authority() {
    return files().authority();
  }

  /**
   * An SSL context for Java clients, which trusts this certificate and no other.
   *
   * @throws dev.larder.embedded.EmbeddedRedisException if the certificate cannot be made
   */
  public static SSLContext clientContext() {
    return files().clientContext();
  }
}

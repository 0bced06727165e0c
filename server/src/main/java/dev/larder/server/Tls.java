package dev.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.impl.KeyStoreHelper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate in two PEM files, which are looked at again from time to time: a renewed
 * certificate is served to new connections without a restart. One that cannot be used, or whose key
 * is another's, is told of, and the pair before stays.
 *
 * @param certificate the chain
 * @param key the private key, PKCS #8 or PKCS #1, not encrypted
 */
record Tls(Path certificate, Path key) {
  private static final Logger log = LoggerFactory.getLogger(Tls.class);
  private static final long LOOK_MILLIS = 5_000;
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
  private static final byte[] PROOF = "these two belong together".getBytes(UTF_8);

  /** Serves HTTPS, with HTTP/2 where the client can. */
  PemKeyCertOptions applyTo(HttpServerOptions options) {
    PemKeyCertOptions pem = read();
    options.setSsl(true).setUseAlpn(true).setKeyCertOptions(pem);
    PROTOCOLS.forEach(options::addEnabledSecureTransportProtocol);
    return pem;
  }

  /**
   * Goes on looking at the files, and serves what is new in them, once both belong together: two
   * files are never renewed at the same moment.
   *
   * @param first what is served already
   */
  void reloadInto(Vertx vertx, HttpServer server, PemKeyCertOptions first) {
    var renewal = new Renewal(server, first);
    vertx.setPeriodic(LOOK_MILLIS, timer -> renewal.look());
  }

  private final class Renewal {
    private final HttpServer server;
    private PemKeyCertOptions seen;
    private String told = "";

    Renewal(HttpServer server, PemKeyCertOptions first) {
      this.server = server;
      this.seen = first;
    }

    void look() {
      try {
        PemKeyCertOptions found = contents();
        told = "";
        if (!same(seen, found)) {
          seen = found;
          requirePair(found);
          serve(found);
        }
      } catch (StartException e) {
        // Once, however long a file stays away.
        if (!told.equals(e.getMessage())) {
          told = String.valueOf(e.getMessage());
          log.warn("the certificate before is served on: {}", told);
        }
      }
    }

    private void serve(PemKeyCertOptions found) {
      var options = new ServerSSLOptions().setUseAlpn(true).setKeyCertOptions(found);
      PROTOCOLS.forEach(options::addEnabledSecureTransportProtocol);
      server
          .updateSSLOptions(options)
          .onSuccess(updated -> log.info("serving the new certificate of {}", certificate))
          .onFailure(
              fault ->
                  log.warn(
                      "cannot use the new certificate of {}: {}", certificate, fault.toString()));
    }
  }

  /**
   * What the two files hold now.
   *
   * @throws StartException if one of them cannot be read, or they do not belong together
   */
  PemKeyCertOptions read() {
    PemKeyCertOptions found = contents();
    requirePair(found);
    return found;
  }

  private PemKeyCertOptions contents() {
    try {
      return new PemKeyCertOptions()
          .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
          .setKeyValue(Buffer.buffer(Files.readAllBytes(key)));
    } catch (IOException e) {
      throw new StartException("cannot read the certificate: " + ConfigFile.reason(e), e);
    }
  }

  /** Takes a signature of the key for the proof that it is the certificate's. */
  private void requirePair(PemKeyCertOptions pem) {
    boolean pair;
    try {
      // Without a Vertx, which would be for reading files: these are read.
      KeyStore store = pem.loadKeyStore(null);
      String entry = store.aliases().nextElement();
      pair =
          store.getKey(entry, KeyStoreHelper.DUMMY_PASSWORD.toCharArray())
                  instanceof PrivateKey secret
              && belongs(secret, store.getCertificate(entry).getPublicKey());
    } catch (Exception e) { // Vert.x's parser throws whatever it meets
      throw new StartException(
          "cannot use the certificate %s with the key %s: %s".formatted(certificate, key, e), e);
    }
    if (!pair) {
      throw new StartException(
          "the key %s does not belong to the certificate %s: give both files of one pair"
              .formatted(key, certificate));
    }
  }

  private static boolean belongs(PrivateKey secret, PublicKey open)
      throws GeneralSecurityException {
    if (!secret.getAlgorithm().equals(open.getAlgorithm())) {
      return false;
    }
    Signature signature =
        Signature.getInstance(
            switch (secret.getAlgorithm()) {
              case "RSA" -> "SHA256withRSA";
              case "EC" -> "SHA256withECDSA";
              default -> secret.getAlgorithm();
            });
    signature.initSign(secret);
    signature.update(PROOF);
    byte[] signed = signature.sign();
    signature.initVerify(open);
    signature.update(PROOF);
    try {
      return signature.verify(signed);
    } catch (SignatureException e) {
      // So says a key of another size or curve.
      return false;
    }
  }

  private static boolean same(PemKeyCertOptions one, PemKeyCertOptions other) {
    return one.getCertValue().equals(other.getCertValue())
        && one.getKeyValue().equals(other.getKeyValue());
  }
}

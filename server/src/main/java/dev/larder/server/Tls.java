package dev.larder.server;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate in two PEM files, which are looked at again from time to time: a renewed
 * certificate is served to new connections without a restart. One that cannot be used is told of,
 * and the one before stays.
 *
 * @param certificate the chain
 * @param key the private key, PKCS #8 or PKCS #1, not encrypted
 */
record Tls(Path certificate, Path key) {
  private static final Logger log = LoggerFactory.getLogger(Tls.class);
  private static final long LOOK_MILLIS = 5_000;
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /** Serves HTTPS, with HTTP/2 where the client can. */
  PemKeyCertOptions applyTo(HttpServerOptions options) {
    PemKeyCertOptions pem = read();
    options.setSsl(true).setUseAlpn(true).setKeyCertOptions(pem);
    PROTOCOLS.forEach(options::addEnabledSecureTransportProtocol);
    return pem;
  }

  /**
   * Goes on looking at the files, and serves what is new in them.
   *
   * @param first what is served already
   */
  void reloadInto(Vertx vertx, HttpServer server, PemKeyCertOptions first) {
    var served = new PemKeyCertOptions[] {first};
    vertx.setPeriodic(
        LOOK_MILLIS,
        timer -> {
          try {
            PemKeyCertOptions found = read();
            if (!same(served[0], found)) {
              var options = new ServerSSLOptions().setUseAlpn(true).setKeyCertOptions(found);
              PROTOCOLS.forEach(options::addEnabledSecureTransportProtocol);
              server
                  .updateSSLOptions(options)
                  .onSuccess(updated -> log.info("serving the new certificate of {}", certificate))
                  .onFailure(
                      fault ->
                          log.warn(
                              "cannot use the new certificate of {}: {}",
                              certificate,
                              fault.toString()));
            }
            served[0] = found;
          } catch (StartException e) {
            log.warn("{}", e.getMessage());
          }
        });
  }

  /**
   * What the two files hold now.
   *
   * @throws StartException if one of them cannot be read
   */
  PemKeyCertOptions read() {
    try {
      return new PemKeyCertOptions()
          .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
          .setKeyValue(Buffer.buffer(Files.readAllBytes(key)));
    } catch (IOException e) {
      throw new StartException("cannot read the certificate: " + ConfigFile.reason(e), e);
    }
  }

  private static boolean same(PemKeyCertOptions one, PemKeyCertOptions other) {
    return one.getCertValue().equals(other.getCertValue())
        && one.getKeyValue().equals(other.getKeyValue());
  }
}

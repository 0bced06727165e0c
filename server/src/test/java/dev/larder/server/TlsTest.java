package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("NullAway.Init")
class TlsTest {
  private static final PemPair EC = PemPair.ec("ec");
  private static final PemPair OTHER_EC = PemPair.ec("other-ec");
  private static final PemPair RSA = PemPair.rsa("rsa");
  private static final PemPair OTHER_RSA = PemPair.rsa("other-rsa");

  @TempDir Path scratch;
  private Tls tls;

  @BeforeEach
  void nameFiles() {
    tls = new Tls(scratch.resolve("cert.pem"), scratch.resolve("key.pem"));
  }

  static Stream<PemPair> pairs() {
    return Stream.of(EC, RSA, RSA.pkcs1());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void takesACertificateAndItsKey(PemPair pair) throws Exception {
    pair.write(tls.certificate(), tls.key());
    assertThat(tls.read().getKeyValue()).hasToString(pair.key());
  }

  static Stream<PemPair> strangers() {
    return Stream.of(
        new PemPair(EC.certificate(), OTHER_EC.key()),
        new PemPair(RSA.certificate(), OTHER_RSA.key()),
        new PemPair(RSA.certificate(), OTHER_RSA.pkcs1().key()));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void refusesAKeyThatBelongsToAnotherCertificateAndNamesBothFiles(PemPair pair) throws Exception {
    pair.write(tls.certificate(), tls.key());
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(tls::read)
        .withMessage(
            "the key %s does not belong to the certificate %s: give both files of one pair",
            tls.key(), tls.certificate());
  }

  static Stream<PemPair> garbage() {
    return Stream.of(
        new PemPair(RSA.certificate(), EC.key()),
        new PemPair(EC.certificate(), RSA.key()),
        new PemPair("", ""),
        new PemPair(EC.certificate(), ""),
        new PemPair("", EC.key()),
        new PemPair("no certificate", EC.key()),
        new PemPair(EC.key(), EC.certificate()),
        new PemPair(EC.certificate().substring(0, 200), EC.key()),
        new PemPair(EC.certificate(), EC.key().substring(0, 100)));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void refusesWhatIsHalfWrittenOrOfAnotherKind(PemPair pair) throws Exception {
    pair.write(tls.certificate(), tls.key());
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(tls::read)
        .withMessageStartingWith(
            "cannot use the certificate " + tls.certificate() + " with the key " + tls.key());
  }
}

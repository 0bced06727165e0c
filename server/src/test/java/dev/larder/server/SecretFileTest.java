package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SecretFileTest {
  @TempDir Path directory;

  @Test
  void makesATokenOnceAndKeepsIt() {
    String made = SecretFile.TOKEN.in(directory);
    assertThat(made).matches("[A-Za-z0-9_-]{43}");
    assertThat(SecretFile.TOKEN.in(directory)).isEqualTo(made);
  }

  @Test
  void makesAnotherTokenForEachDirectory() {
    assertThat(SecretFile.TOKEN.in(directory.resolve("a")))
        .isNotEqualTo(SecretFile.TOKEN.in(directory.resolve("b")));
  }

  @Test
  void makesASecretForEachThing() {
    assertThat(SecretFile.SEAL.in(directory))
        .matches("[A-Za-z0-9_-]{43}")
        .isNotEqualTo(SecretFile.TOKEN.in(directory))
        .isEqualTo(SecretFile.SEAL.in(directory));
  }

  @ParameterizedTest
  @EnumSource(SecretFile.class)
  void letsNobodyElseReadIt(SecretFile secret) throws IOException {
    secret.in(directory);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(
                    directory.resolve(secret.name().toLowerCase(Locale.ROOT)))))
        .isEqualTo("rw-------");
  }

  @Test
  void makesTheDirectoriesAboveIt() {
    SecretFile.TOKEN.in(directory.resolve("a/b/c"));
    assertThat(directory.resolve("a/b/c/token")).isRegularFile();
  }

  @Test
  void takesATokenThatSomeoneWroteThere() throws IOException {
    Files.writeString(directory.resolve("token"), "  chosen-by-hand \n");
    assertThat(SecretFile.TOKEN.in(directory)).isEqualTo("chosen-by-hand");
  }

  @Test
  void saysThatTheFileIsEmptyRatherThanTakingNothingForASecret() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "\n");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> SecretFile.TOKEN.in(directory))
        .withMessage(file + " is empty: delete it, and another is made");
  }

  @Test
  void saysThatTheDirectoryIsAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> SecretFile.TOKEN.in(file))
        .withMessage("the data directory " + file + " is not a directory");
  }

  @Test
  void saysThatTheDirectoryCannotBeMade() throws IOException {
    Path below = Files.writeString(directory.resolve("file"), "").resolve("below");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> SecretFile.TOKEN.in(below))
        .withMessageStartingWith("cannot write to the data directory " + below + ": ")
        .withMessageNotContaining("Exception");
  }

  @Test
  void saysThatTheTokenCannotBeRead() throws IOException {
    Files.createDirectory(directory.resolve("token"));
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> SecretFile.TOKEN.in(directory))
        .withMessageContaining(directory.toString());
  }
}

package dev.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
  @TempDir Path directory;

  @Test
  void makesATokenOnceAndKeepsIt() {
    String made = TokenFile.in(directory);
    assertThat(made).matches("[A-Za-z0-9_-]{43}");
    assertThat(TokenFile.in(directory)).isEqualTo(made);
  }

  @Test
  void makesAnotherTokenForEachDirectory() {
    assertThat(TokenFile.in(directory.resolve("a")))
        .isNotEqualTo(TokenFile.in(directory.resolve("b")));
  }

  @Test
  void letsNobodyElseReadIt() throws IOException {
    TokenFile.in(directory);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("token"))))
        .isEqualTo("rw-------");
  }

  @Test
  void makesTheDirectoriesAboveIt() {
    TokenFile.in(directory.resolve("a/b/c"));
    assertThat(directory.resolve("a/b/c/token")).isRegularFile();
  }

  @Test
  void takesATokenThatSomeoneWroteThere() throws IOException {
    Files.writeString(directory.resolve("token"), "  chosen-by-hand \n");
    assertThat(TokenFile.in(directory)).isEqualTo("chosen-by-hand");
  }

  @Test
  void saysThatTheDirectoryIsAFile() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> TokenFile.in(file))
        .withMessage("the data directory " + file + " is not a directory");
  }

  @Test
  void saysThatTheDirectoryCannotBeMade() throws IOException {
    Path below = Files.writeString(directory.resolve("file"), "").resolve("below");
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> TokenFile.in(below))
        .withMessageStartingWith("cannot write to the data directory " + below + ": ")
        .withMessageNotContaining("Exception");
  }

  @Test
  void saysThatTheTokenCannotBeRead() throws IOException {
    Files.createDirectory(directory.resolve("token"));
    assertThatExceptionOfType(StartException.class)
        .isThrownBy(() -> TokenFile.in(directory))
        .withMessageContaining(directory.toString());
  }
}

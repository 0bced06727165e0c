package dev.larder.server;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The token that the node makes for itself when it is given none, kept in the data directory
 * between starts.
 */
final class TokenFile {
  private TokenFile() {}

  /** The token of this data directory, made now if there is none yet. */
  static String in(Path data) {
    Path file = data.resolve("token");
    try {
      Files.createDirectories(data);
      if (!Files.exists(file)) {
        create(file);
      }
      return Files.readString(file).strip();
    } catch (FileAlreadyExistsException e) {
      throw new StartException("the data directory " + data + " is not a directory", e);
    } catch (IOException e) {
      throw new StartException(
          "cannot write to the data directory " + data + ": " + ConfigFile.reason(e), e);
    }
  }

  private static void create(Path file) throws IOException {
    var random = new byte[32];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    try (var channel =
        Files.newByteChannel(
            file,
            java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(
          java.nio.ByteBuffer.wrap(
              (token + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }
  }
}

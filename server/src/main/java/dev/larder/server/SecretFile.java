package dev.larder.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * A secret that the node makes for itself where it is given none, kept between starts in a file of
 * the data directory that nobody else may read.
 */
enum SecretFile {
  /** The token that callers send. */
  TOKEN("token"),
  /** What the tokens of the engine's users are sealed with. */
  SEAL("seal");

  private final String file;

  SecretFile(String file) {
    this.file = file;
  }

  /** The secret of this data directory, made now if there is none yet: 256 random bits. */
  String in(Path data) {
    Path path = data.resolve(file);
    try {
      Files.createDirectories(data);
      if (!Files.exists(path)) {
        create(path);
      }
      String secret = Files.readString(path).strip();
      if (secret.isEmpty()) {
        // Whoever made it was ended before it was written.
        throw new StartException(path + " is empty: delete it, and another is made");
      }
      return secret;
    } catch (FileAlreadyExistsException e) {
      throw new StartException("the data directory " + data + " is not a directory", e);
    } catch (IOException e) {
      throw new StartException(
          "cannot write to the data directory " + data + ": " + ConfigFile.reason(e), e);
    }
  }

  private static void create(Path path) throws IOException {
    var random = new byte[32];
    new SecureRandom().nextBytes(random);
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    try (var channel =
        Files.newByteChannel(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.write(ByteBuffer.wrap((secret + "\n").getBytes(UTF_8)));
    }
  }
}

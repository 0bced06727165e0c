package dev.larder.embedded;

import dev.larder.embedded.EngineBinary.Product;
import dev.larder.embedded.system.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * Which engine wrote a directory's data, in a file beside the data.
 *
 * @param product whose engine
 * @param version which one
 */
record EngineRecord(Product product, EngineVersion version) {
  private static final String FILE = "engine.properties";

  static EngineRecord of(EngineBinary binary) {
    return new EngineRecord(binary.product(), binary.version());
  }

  /**
   * The record in a directory, if there is one.
   *
   * @throws EmbeddedRedisException if it cannot be read
   */
  static Optional<EngineRecord> readFrom(Path directory) {
    Path file = directory.resolve(FILE);
    var properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
      return Optional.of(
          new EngineRecord(
              Product.valueOf(properties.getProperty("product", "")),
              EngineVersion.parse(properties.getProperty("version", ""))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new EmbeddedRedisException(
          "cannot read "
              + file
              + ", which says what engine wrote the data; if it is still the same one, delete the file",
          e);
    }
  }

  void writeTo(Path directory) throws IOException {
    var properties = new Properties();
    properties.setProperty("product", product.name());
    properties.setProperty("version", version.toString());
    PrivateFiles.write(directory.resolve(FILE), properties);
  }
}

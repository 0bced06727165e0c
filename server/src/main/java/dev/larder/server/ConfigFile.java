package dev.larder.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads {@code larder.yaml}. Whatever is wrong in it is told with file, line and key, and nothing
 * starts.
 */
final class ConfigFile {
  private ConfigFile() {}

  static Config read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new StartException("cannot read the configuration " + file + ": " + reason(e), e);
    }
    try {
      Node root = new Compose(LoadSettings.builder().build()).composeString(text).orElse(null);
      return root == null || root.getTag().equals(Tag.NULL)
          ? Config.NONE
          : new YamlBinder(file).bind(root, Config.class);
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
      throw new StartException(file + line + ": not YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new StartException(file + ": not YAML: " + e.getMessage(), e);
    }
  }

  /** What an I/O error means, since Java puts it into the name of its class. */
  static String reason(IOException e) {
    String kind =
        Arrays.stream(e.getClass().getSimpleName().split("(?=[A-Z])", -1))
            .filter(word -> !word.equals("Exception"))
            .map(word -> word.toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    return e.getMessage() == null || e.getMessage().isBlank() ? kind : kind + ": " + e.getMessage();
  }
}

package dev.larder.server;

import dev.larder.server.http.Access;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads {@code larder.yaml}. Whatever is wrong in it is told with file, line and key, and nothing
 * starts.
 */
final class ConfigFile {
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");

  private ConfigFile() {}

  static Config read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new StartException("cannot read the configuration " + file + ": " + reason(e), e);
    }
    try {
      Config config = text.isBlank() ? Config.NONE : mapper().readValue(text, Config.class);
      return config == null ? Config.NONE : config;
    } catch (JacksonException e) {
      throw new StartException(place(file, e) + problem(e), e);
    }
  }

  private static YAMLMapper mapper() {
    var module = new SimpleModule();
    module.addDeserializer(Duration.class, new DurationReader());
    module.addDeserializer(Access.class, new AccessReader());
    return YAMLMapper.builder()
        .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .addModule(module)
        .build();
  }

  private static String place(Path file, JacksonException e) {
    TokenStreamLocation at = e.getLocation();
    String line = at == null ? "" : ", line " + at.getLineNr();
    String key =
        e instanceof DatabindException && !e.getPath().isEmpty()
            ? ", key "
                + e.getPath().stream()
                    .map(
                        it ->
                            it.getPropertyName() == null
                                ? "[" + it.getIndex() + "]"
                                : it.getPropertyName())
                    .collect(Collectors.joining("."))
                    .replace(".[", "[")
            : "";
    return file + line + key + ": ";
  }

  private static String problem(JacksonException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "no such key; known here are "
          + unknown.getKnownPropertyIds().stream()
              .map(Object::toString)
              .sorted()
              .collect(Collectors.joining(", "));
    }
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
        return cause.getMessage();
      }
    }
    if (e instanceof StreamReadException && e.getOriginalMessage() != null) {
      return "not YAML: " + e.getOriginalMessage().lines().findFirst().orElse("");
    }
    return String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
  }

  static String reason(IOException e) {
    String kind =
        Arrays.stream(e.getClass().getSimpleName().split("(?=[A-Z])"))
            .filter(word -> !word.equals("Exception"))
            .map(word -> word.toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" "));
    return e.getMessage() == null || e.getMessage().isBlank() ? kind : kind + ": " + e.getMessage();
  }

  private static final class DurationReader extends StdDeserializer<Duration> {
    DurationReader() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context) {
      String text = parser.getValueAsString("");
      Matcher matcher = DURATION.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "'" + text + "' is not a duration: write 500ms, 2s, 5m, 1h or 7d");
      }
      long number = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(number);
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }

  private static final class AccessReader extends StdDeserializer<Access> {
    AccessReader() {
      super(Access.class);
    }

    @Override
    public Access deserialize(JsonParser parser, DeserializationContext context) {
      String text = parser.getValueAsString("");
      return Arrays.stream(Access.values())
          .filter(access -> access.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "'" + text + "' is no access: write read-write or read-only"));
    }
  }
}

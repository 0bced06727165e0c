package dev.larder.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Makes records of YAML: a component {@code eventLoops} is the key {@code event-loops}, one that is
 * not there is null. Written by hand because every message has to name the line and the key that
 * are wrong, which object mappers lose for records: they build them when the whole mapping has been
 * read.
 */
final class YamlBinder {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final Path file;

  YamlBinder(Path file) {
    this.file = file;
  }

  /**
   * @throws StartException if the YAML does not fit the record, or the record refuses its values
   */
  <T extends Record> T bind(Node node, Class<T> type) {
    return record(node, type, "");
  }

  private <T extends Record> T record(Node node, Class<T> type, String path) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, path, "expected keys and values, such as " + keys(type));
    }
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (entries.put(key, entry) != null) {
        throw wrong(entry.getKeyNode(), below(path, key), "this key stands here twice");
      }
      if (Arrays.stream(type.getRecordComponents()).noneMatch(it -> key(it).equals(key))) {
        throw wrong(
            entry.getKeyNode(), below(path, key), "no such key; known here are " + keys(type));
      }
    }
    var values = new ArrayList<@Nullable Object>();
    for (RecordComponent component : type.getRecordComponents()) {
      NodeTuple entry = entries.get(key(component));
      values.add(
          entry == null
              ? null
              : value(
                  entry.getValueNode(), component.getGenericType(), below(path, key(component))));
    }
    try {
      var types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refusal) {
        throw refused(mapping, entries, path, String.valueOf(refusal.getMessage()));
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A record's own message begins with the key that it is about, if it is about one. */
  private StartException refused(
      Node mapping, Map<String, NodeTuple> entries, String path, String message) {
    for (var entry : entries.entrySet()) {
      if (message.startsWith(entry.getKey() + " ")) {
        return wrong(entry.getValue().getKeyNode(), below(path, entry.getKey()), message);
      }
    }
    return wrong(mapping, path, message);
  }

  private @Nullable Object value(Node node, Type type, String path) {
    if (node.getTag().equals(Tag.NULL)) {
      return null;
    }
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      return list(node, list.getActualTypeArguments()[0], path);
    }
    Class<?> wanted = (Class<?>) type;
    if (wanted.isRecord()) {
      return record(node, wanted.asSubclass(Record.class), path);
    }
    if (!(node instanceof ScalarNode scalar)) {
      throw wrong(node, path, "expected a single value");
    }
    String text = scalar.getValue();
    if (wanted == String.class) {
      return text;
    }
    if (wanted == Integer.class) {
      return parsed(node, path, text, "a whole number", Integer::valueOf);
    }
    if (wanted == Long.class) {
      return parsed(node, path, text, "a whole number", Long::valueOf);
    }
    if (wanted == Boolean.class) {
      return parsed(node, path, text, "true or false", YamlBinder::bool);
    }
    if (wanted == Duration.class) {
      return parsed(
          node, path, text, "a duration such as 500ms, 2s, 5m, 1h or 7d", YamlBinder::duration);
    }
    if (wanted.isEnum()) {
      return constant(node, path, text, wanted);
    }
    throw new IllegalStateException("no YAML becomes a " + wanted);
  }

  private List<?> list(Node node, Type element, String path) {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong(node, path, "expected a list");
    }
    var values = new ArrayList<@Nullable Object>();
    for (Node item : sequence.getValue()) {
      values.add(value(item, element, path + "[" + values.size() + "]"));
    }
    return values;
  }

  private Object parsed(
      Node node, String path, String text, String expected, Function<String, Object> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(node, path, "expected " + expected + ", found '" + text + "'");
    }
  }

  private Object constant(Node node, String path, String text, Class<?> wanted) {
    return Arrays.stream(wanted.getEnumConstants())
        .filter(constant -> constant.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    node,
                    path,
                    "expected one of "
                        + Arrays.stream(wanted.getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(", "))
                        + ", found '"
                        + text
                        + "'"));
  }

  private static Object bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Object duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
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

  private static String key(RecordComponent component) {
    return component.getName().replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private static String keys(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(YamlBinder::key)
        .collect(Collectors.joining(", "));
  }

  private static String below(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private StartException wrong(Node node, String path, String problem) {
    String line = node.getStartMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
    return new StartException(
        file + line + (path.isEmpty() ? "" : ", key " + path) + ": " + problem);
  }
}

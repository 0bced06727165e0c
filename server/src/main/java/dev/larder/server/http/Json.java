package dev.larder.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import tools.jackson.databind.json.JsonMapper;

/** JSON off the hot path. */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  /** {@code {"error":…}}. */
  public static byte[] error(String message) {
    return bytes(java.util.Map.of("error", message));
  }

  /** Any map, list or record as JSON. */
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsString(value).getBytes(UTF_8);
  }
}

package dev.larder.redis.uri;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.larder.redis.uri.RedisUri.Node;
import dev.larder.redis.uri.RedisUri.Topology;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The written form of a {@link RedisUri}. java.net.URI is no help: it refuses lists of hosts. */
final class RedisUriText {
  private static final String FORMS =
      "redis://[user:password@]host[:port][/database],"
          + " redis-sentinel://[user:password@]host[:port],host[:port][/database]#master,"
          + " redis-cluster://[user:password@]host[:port],host[:port]"
          + " (with TLS rediss://, rediss-sentinel://, rediss-cluster://), or redis-socket://[user:password@]/path";
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?<scheme>[^:/@]*)://(?:(?<login>[^/]*)@)?(?<nodes>[^/#?@]*)(?<path>/[^#?]*)?(?:#(?<name>.*))?");
  private static final Pattern NODE =
      Pattern.compile(
          "(?:\\[(?<six>[0-9A-Fa-f:.%]+)]|(?<host>[^:\\[\\]\\s]+))(?::(?<port>[0-9]{1,5}))?");
  private static final int PORT = 6379;
  private static final int SENTINEL_PORT = 26379;

  private RedisUriText() {}

  static RedisUri parse(String text) {
    try {
      Matcher shape = SHAPE.matcher(text);
      if (!shape.matches()) {
        throw new IllegalArgumentException("it has none of the known forms");
      }
      if (text.lastIndexOf('@') > shape.end("login")) {
        // Said before anything else is looked at: what follows may be the rest of a password.
        throw new IllegalArgumentException(
            "in a user, password or path, / is written %2F, # is %23, and @ is %40");
      }
      return read(shape);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "not a Redis URI: \"" + masked(text) + "\": " + e.getMessage() + ". Right is " + FORMS,
          e);
    }
  }

  private static RedisUri read(Matcher shape) {
    String scheme = shape.group("scheme");
    boolean tls = scheme.startsWith("rediss");
    Topology topology =
        switch (scheme) {
          case "redis", "rediss", "redis-socket" -> Topology.STANDALONE;
          case "redis-sentinel", "rediss-sentinel" -> Topology.SENTINEL;
          case "redis-cluster", "rediss-cluster" -> Topology.CLUSTER;
          default -> throw new IllegalArgumentException("the scheme " + scheme + ":// is unknown");
        };
    Optional<String> path = Optional.ofNullable(shape.group("path"));
    Optional<String> name = Optional.ofNullable(shape.group("name")).map(RedisUriText::decoded);
    Optional<String> login = Optional.ofNullable(shape.group("login"));
    if (login.isPresent() && !login.get().contains(":")) {
      throw new IllegalArgumentException("before the @ stands user:password, or :password");
    }
    Optional<String> user =
        login.map(it -> it.substring(0, it.indexOf(':'))).filter(it -> !it.isEmpty());
    Optional<String> password =
        login.map(it -> it.substring(it.indexOf(':') + 1)).filter(it -> !it.isEmpty());
    boolean socket = scheme.equals("redis-socket");
    return new RedisUri(
        topology,
        socket ? List.of() : nodes(shape.group("nodes"), topology),
        tls,
        user.map(RedisUriText::decoded),
        password.map(RedisUriText::decoded),
        socket ? 0 : database(path.orElse("/")),
        name,
        socket ? path.map(RedisUriText::decoded) : Optional.empty());
  }

  private static List<Node> nodes(String text, Topology topology) {
    List<Node> nodes = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      Matcher node = NODE.matcher(one.strip());
      if (!node.matches()) {
        // Not quoted: where "@host" was forgotten, it is a password.
        throw new IllegalArgumentException(
            "its host " + (nodes.size() + 1) + " is not host[:port]");
      }
      String six = node.group("six");
      String port = node.group("port");
      nodes.add(
          new Node(
              six != null ? six : node.group("host"),
              port != null
                  ? Integer.parseInt(port)
                  : topology == Topology.SENTINEL ? SENTINEL_PORT : PORT));
    }
    return nodes;
  }

  private static int database(String path) {
    if (path.equals("/")) {
      return 0;
    }
    if (!path.matches("/[0-9]{1,9}")) {
      throw new IllegalArgumentException(
          "the database is a number, was \"" + path.substring(1) + '"');
    }
    return Integer.parseInt(path.substring(1));
  }

  private static String decoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] in = text.getBytes(UTF_8);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        bytes.write(in[i]);
      } else if (i + 2 < in.length
          && HexFormat.isHexDigit(in[i + 1])
          && HexFormat.isHexDigit(in[i + 2])) {
        bytes.write(HexFormat.fromHexDigit(in[i + 1]) << 4 | HexFormat.fromHexDigit(in[i + 2]));
        i += 2;
      } else {
        throw new IllegalArgumentException(
            "a % in it is not followed by two hexadecimal digits; a plain % is written %25");
      }
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("its percent-encoded part is not UTF-8", e);
    }
  }

  /** Masks all that may be a password, also in a text of no known form. */
  private static String masked(String text) {
    int at = text.lastIndexOf('@');
    int start = text.indexOf("://");
    int login = start < 0 || (start > at && at >= 0) ? 0 : start + 3;
    return at < 0
        ? text.substring(0, login)
            + text.substring(login).replaceAll(":[^/,#]*[^0-9/,#][^/,#]*", ":***")
        : text.substring(0, login) + "***" + text.substring(at);
  }

  static String masked(RedisUri uri) {
    StringBuilder text = new StringBuilder(uri.tls() ? "rediss" : "redis");
    text.append(
        switch (uri.topology()) {
          case STANDALONE -> uri.socket().isPresent() ? "-socket://" : "://";
          case SENTINEL -> "-sentinel://";
          case CLUSTER -> "-cluster://";
        });
    uri.user().ifPresent(text::append);
    uri.password().ifPresent(it -> text.append(":***"));
    if (uri.user().isPresent() || uri.password().isPresent()) {
      text.append('@');
    }
    text.append(String.join(",", uri.nodes().stream().map(Node::toString).toList()));
    uri.socket().ifPresent(text::append);
    if (uri.database() != 0) {
      text.append('/').append(uri.database());
    }
    uri.master().ifPresent(it -> text.append('#').append(it));
    return text.toString();
  }
}

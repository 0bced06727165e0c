package dev.larder.server.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.larder.server.RawHttp;
import dev.larder.server.RunningNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Asks a node for plain and strange values of keys of its own, in all forms, on one connection. */
final class StrangeCaller implements AutoCloseable {
  private static final Pattern NAMED = Pattern.compile("(caller-\\d+)/");
  private static final Pattern ENCODED = Pattern.compile("\"([A-Za-z0-9+/]+=*)\"");
  private static final Duration BACK_OFF = Duration.ofMillis(50);
  private static final String PLAIN_ANSWER = "{\"result\":\"%s=value\"}";

  private final RunningNode node;
  private final String name;
  private final Random random;
  private final Duration patience;
  private final Map<Integer, Integer> seen;
  private final Queue<String> wrong;
  private RawHttp connection;
  private int turn;

  /**
   * @param patience how long an answer may take
   * @param seen how often which status was answered
   * @param wrong what was wrong
   */
  StrangeCaller(
      RunningNode node,
      int number,
      long seed,
      Duration patience,
      ConcurrentHashMap<Integer, Integer> seen,
      Queue<String> wrong) {
    this.node = node;
    this.name = "caller-" + number;
    this.random = new Random(seed + number);
    this.patience = patience;
    this.seen = seen;
    this.wrong = wrong;
    this.connection = node.connect();
  }

  /** Asks once, and judges the answer. */
  void ask() {
    String form = List.of("json", "base64", "resp2").get(random.nextInt(3));
    int shape = random.nextInt(4);
    if (form.equals("resp2") && shape == 3) {
      form = "json";
    }
    String plain = key("plain");
    String last = key("plain");
    String strange = key("strange");
    List<String> keys =
        shape == 0 ? List.of(plain) : shape == 1 ? List.of(strange) : List.of(plain, strange, last);
    String path = shape < 2 ? "/" : shape == 2 ? "/pipeline" : "/multi-exec";
    List<String> commands = new ArrayList<>();
    keys.forEach(key -> commands.add("[\"GET\",\"" + key + "\"]"));
    String body = shape < 2 ? commands.get(0) : commands.toString();
    long began = System.nanoTime();
    RawHttp.Response answer;
    try {
      answer = send(path, body, form);
    } catch (UncheckedIOException e) {
      wrong.add(name + " was not answered " + path + ' ' + body + " as " + form + ": " + e);
      connection.close();
      connection = node.connect();
      return;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    if (took.compareTo(patience) > 0) {
      wrong.add(name + " waited " + took + " for " + body);
    }
    seen.merge(answer.status(), 1, Integer::sum);
    judge(answer, form, keys, path + ' ' + body);
    if (answer.status() == 503) {
      LockSupport.parkNanos(BACK_OFF.toNanos());
    }
  }

  private String key(String kind) {
    return name + '/' + kind + '/' + ++turn;
  }

  private RawHttp.Response send(String path, String body, String form) {
    String header =
        switch (form) {
          case "base64" -> "Upstash-Encoding: base64\r\n";
          case "resp2" -> "Upstash-Response-Format: resp2\r\n";
          default -> "";
        };
    return connection
        .write(
            "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(path, node.token(), header, body.length(), body))
        .read();
  }

  private void judge(RawHttp.Response answer, String form, List<String> keys, String asked) {
    String text = form.equals("base64") ? decoded(answer.body()) : answer.body();
    Matcher named = NAMED.matcher(text);
    while (named.find()) {
      if (!named.group(1).equals(name)) {
        wrong.add(name + " was answered what is " + named.group(1) + "'s: " + shortened(text));
      }
    }
    if (!List.of(200, 400, 413, 503).contains(answer.status())) {
      wrong.add(name + " was answered " + answer.status() + ' ' + shortened(text));
    }
    if ("application/json".equals(answer.headers().get("content-type"))) {
      try {
        JsonMapper.shared().readTree(answer.body());
      } catch (JacksonException e) {
        // Deeper than its reader likes is not wrong; the node itself allows less.
        wrong.add(name + " was answered no JSON: " + shortened(text) + ": " + e);
      }
    }
    if (answer.status() == 200 && !form.equals("resp2")) {
      for (String key : keys) {
        if (key.contains("/plain/") && !text.contains(PLAIN_ANSWER.formatted(key))) {
          wrong.add(name + " was answered " + shortened(text) + " to " + asked);
        }
      }
    }
  }

  private static String decoded(String body) {
    return ENCODED
        .matcher(body)
        .replaceAll(
            found -> {
              String text = found.group(1);
              if (text.length() % 4 != 0 || text.equals("result")) {
                return Matcher.quoteReplacement(found.group());
              }
              return Matcher.quoteReplacement(
                  '"' + new String(Base64.getDecoder().decode(text), ISO_8859_1) + '"');
            });
  }

  private static String shortened(String text) {
    return text.length() < 500 ? text : text.substring(0, 500) + "…";
  }

  @Override
  public void close() {
    connection.close();
  }
}

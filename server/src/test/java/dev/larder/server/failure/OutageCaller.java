package dev.larder.server.failure;

import dev.larder.server.RawHttp;
import dev.larder.server.RunningNode;
import dev.larder.server.failure.Outage.Answer;
import dev.larder.server.failure.Outage.Outcome;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection with a key, values and a counter that nobody else uses: any answer that is not its
 * own shows.
 */
final class OutageCaller implements Runnable {
  private final Outage outage;
  private final RawHttp connection;
  private final String token;
  private final String name;
  private final Answer answer = new Answer();

  /**
   * The value of its key, but for those of unknown outcome: each may take effect once, however
   * late.
   */
  private String known = "null";

  private final Set<String> unknown = new HashSet<>();
  private long turn;
  private long sent;
  private long acknowledged;
  private long counted;
  private int forgotten;
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger unserved = new AtomicInteger();

  OutageCaller(Outage outage, RunningNode node, int number) {
    this.outage = outage;
    this.connection = node.connect();
    this.token = node.token();
    this.name = "{caller-" + number + '}';
  }

  @Override
  public void run() {
    try (connection) {
      while (!outage.stopped()) {
        String value = name + "-" + ++turn;
        switch ((int) (turn % 5)) {
          case 0 -> set(value);
          case 1 -> get();
          case 2 -> count();
          case 3 -> all("/pipeline", value);
          default -> all("/multi-exec", value);
        }
      }
    } catch (RuntimeException e) {
      outage.wrong(name + ": " + e);
    }
  }

  private void set(String value) {
    switch (send("/", "[\"SET\",\"%s\",\"%s\"]".formatted(name, value))) {
      case SERVED -> {
        expect("{\"result\":\"OK\"}");
        known = '"' + value + '"';
      }
      case UNKNOWN -> unknown.add('"' + value + '"');
      case NOTHING_EXECUTED -> {}
    }
  }

  private void get() {
    if (send("/get/" + inPath(name), "") == Outcome.SERVED) {
      String found = answer.body().replaceAll("^\\{\"result\":(.*)}$", "$1");
      if (!found.equals(known) && !unknown.remove(found) && !isMyForgetfulEngines(found)) {
        outage.wrong(
            "%s found %s instead of %s or one of %s".formatted(name, found, known, unknown));
      }
      known = found;
    }
  }

  private boolean isMyForgetfulEngines(String value) {
    return outage.failovers() > 0 && (value.startsWith('"' + name + '-') || value.equals("null"));
  }

  private void count() {
    Outcome outcome = send("/incr/" + inPath(counter()), "");
    if (outcome != Outcome.NOTHING_EXECUTED) {
      sent++;
    }
    if (outcome == Outcome.SERVED) {
      counted(answer.body().replaceAll("^\\{\"result\":(\\d+)}$", "$1"));
    }
  }

  private void counted(String number) {
    acknowledged++;
    long before = counted;
    counted = Long.parseLong(number);
    if (counted <= before) {
      forgotten++;
    }
    if (forgotten > outage.failovers() || counted > sent) {
      outage.wrong("%s counted %d after %d with %d sent".formatted(name, counted, before, sent));
    }
  }

  private void all(String path, String value) {
    Outcome outcome =
        send(
            path,
            "[[\"SET\",\"%1$s\",\"%2$s\"],[\"GET\",\"%1$s\"],[\"INCR\",\"%1$s-count\"],[\"GETRANGE\",\"%1$s\",0,-1]]"
                .formatted(name, value));
    switch (outcome) {
      case SERVED -> {
        sent++;
        String count = answer.body().replaceAll("^.*\\{\"result\":(\\d+)}.*$", "$1");
        expect(
            "[{\"result\":\"OK\"},{\"result\":\"%1$s\"},{\"result\":%2$s},{\"result\":\"%1$s\"}]"
                .formatted(value, count));
        counted(count);
        known = '"' + value + '"';
      }
      case UNKNOWN -> {
        sent++;
        unknown.add('"' + value + '"');
      }
      case NOTHING_EXECUTED -> {}
    }
  }

  private static String inPath(String key) {
    return key.replace("{", "%7B").replace("}", "%7D");
  }

  private Outcome send(String path, String body) {
    Outcome outcome = outage.exchange(connection, path, token, body, answer);
    AtomicInteger counter = outcome == Outcome.SERVED ? served : unserved;
    counter.incrementAndGet();
    return outcome;
  }

  private void expect(String body) {
    if (!answer.body().equals(body)) {
      outage.wrong(name + " was answered " + answer.body() + " instead of " + body);
    }
  }

  /** Judges the end, when all callers have stopped: what the engine counted in the whole time. */
  void judge(String count) {
    long inEngine = count.equals("(nil)") ? 0 : Long.parseLong(count);
    if (inEngine > sent || (inEngine < acknowledged && outage.failovers() == 0)) {
      outage.wrong(
          "%s: the engine counted %d of %d sent and %d acknowledged"
              .formatted(name, inEngine, sent, acknowledged));
    }
  }

  /** How often it was served. */
  int served() {
    return served.get();
  }

  /** How often it was told that it cannot be served. */
  int unserved() {
    return unserved.get();
  }

  /** One of its keys, which share a hash tag: a Cluster has them in one slot. */
  String counter() {
    return name + "-count";
  }
}

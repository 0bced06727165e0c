package dev.larder.server;

import dev.larder.server.http.auth.Access;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.UserTokens;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code larder.yaml} says; what it does not say is null, and flags, environment and defaults
 * decide.
 *
 * @param listen the address to listen on
 * @param port of the REST door
 * @param redis the engine's URI
 * @param data the data directory
 * @param tokens who may come in, beside the bearer of the {@code --token}
 * @param secret with which tokens of the engine's users are sealed, the same on all nodes
 * @param eventLoops how many threads serve requests
 * @param budget how long the engine may take to answer a request
 * @param scriptTime how long a script may run before the node ends it
 * @param accessLog whether each answer is logged
 * @param limits what a request may ask for
 * @param timeouts how long callers may keep the node waiting
 * @param cors which pages may read answers
 * @param tls the certificate to serve HTTPS with
 */
record Config(
    @Nullable String listen,
    @Nullable Integer port,
    @Nullable String redis,
    @Nullable String data,
    @Nullable List<TokenEntry> tokens,
    @Nullable String secret,
    @Nullable Integer eventLoops,
    @Nullable Duration budget,
    @Nullable Duration scriptTime,
    @Nullable Boolean accessLog,
    @Nullable Limits limits,
    @Nullable Timeouts timeouts,
    @Nullable CorsEntry cors,
    @Nullable TlsEntry tls) {

  static final Config NONE =
      new Config(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  Config {
    notBlank("listen", listen, "an address such as 127.0.0.1");
    notBlank("redis", redis, "the engine's URI, such as redis://127.0.0.1:6379");
    notBlank("data", data, "a directory");
    if (port != null && (port < 0 || port > 65_535)) {
      throw new IllegalArgumentException("port must be from 0 to 65535, was " + port);
    }
    if (secret != null && secret.length() < UserTokens.LEAST_SECRET) {
      throw new IllegalArgumentException(
          "secret must have at least %d characters, had %d: make one with openssl rand -hex 32"
              .formatted(UserTokens.LEAST_SECRET, secret.length()));
    }
    if (eventLoops != null && (eventLoops < 1 || eventLoops > 256)) {
      throw new IllegalArgumentException("event-loops must be from 1 to 256, was " + eventLoops);
    }
    if (budget != null && budget.toMillis() < 1) {
      throw new IllegalArgumentException(
          "budget must be at least 1ms, was " + budget.toMillis() + "ms");
    }
    positive("script-time", scriptTime == null ? null : scriptTime.toMillis());
  }

  /**
   * @param access {@code read-write}, unless said
   */
  record TokenEntry(String name, String token, @Nullable Access access) {
    TokenEntry {
      if (name == null || token == null) {
        throw new IllegalArgumentException("a token entry needs a name and a token");
      }
      var unused = new Token(name, token, Access.READ_WRITE);
    }

    Token toToken() {
      return new Token(name, token, access == null ? Access.READ_WRITE : access);
    }

    @Override
    public String toString() {
      return toToken().toString();
    }
  }

  /**
   * @param requestBytes the longest body, 10 MB unless said
   * @param pipelineCommands the most commands in one request, 10,000 unless said
   * @param waitingBytes of requests that may be held at a time, a quarter of the heap beyond its
   *     first 32 MB unless said
   * @param answerBytes the longest answer; 64 MB, or a sixteenth of a small heap, unless said
   * @param waitingAnswerBytes of answers that may be held at a time, as much unless said
   * @param lineBytes the longest request line, 64 KB unless said
   * @param headerBytes the longest headers together, 64 KB unless said
   * @param connections the most connections at a time, 10,000 unless said
   */
  record Limits(
      @Nullable Integer requestBytes,
      @Nullable Integer pipelineCommands,
      @Nullable Long waitingBytes,
      @Nullable Integer answerBytes,
      @Nullable Long waitingAnswerBytes,
      @Nullable Integer lineBytes,
      @Nullable Integer headerBytes,
      @Nullable Integer connections) {
    static final Limits NONE = new Limits(null, null, null, null, null, null, null, null);

    Limits {
      positive("request-bytes", requestBytes);
      positive("pipeline-commands", pipelineCommands);
      positive("waiting-bytes", waitingBytes);
      positive("answer-bytes", answerBytes);
      positive("waiting-answer-bytes", waitingAnswerBytes);
      positive("line-bytes", lineBytes);
      positive("header-bytes", headerBytes);
      positive("connections", connections);
    }
  }

  /**
   * @param idle how long a connection may stay open with nothing asked on it, 75 s unless said
   * @param request how long a request may take to arrive, 30 s unless said
   * @param write how long a caller may take to take an answer, 60 s unless said
   */
  record Timeouts(@Nullable Duration idle, @Nullable Duration request, @Nullable Duration write) {
    static final Timeouts NONE = new Timeouts(null, null, null);

    Timeouts {
      positive("idle", idle == null ? null : idle.toMillis());
      positive("request", request == null ? null : request.toMillis());
      positive("write", write == null ? null : write.toMillis());
    }
  }

  /**
   * @param origins such as {@code https://app.example.com}, or {@code *}
   */
  record CorsEntry(@Nullable List<String> origins) {}

  /**
   * @param certificate the chain, as PEM
   * @param key the private key, as PEM
   */
  record TlsEntry(String certificate, String key) {
    TlsEntry {
      if (certificate == null || key == null) {
        throw new IllegalArgumentException("tls needs a certificate and a key, two PEM files");
      }
    }
  }

  private static void notBlank(String key, @Nullable String value, String right) {
    if (value != null && value.isBlank()) {
      throw new IllegalArgumentException(
          key + " must not be empty: give " + right + ", or leave the key out");
    }
  }

  private static void positive(String key, @Nullable Number value) {
    if (value != null && value.longValue() < 1) {
      throw new IllegalArgumentException(key + " must be at least 1, was " + value);
    }
  }
}

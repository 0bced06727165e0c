package dev.larder.server;

import dev.larder.server.http.HttpLimits;
import dev.larder.server.http.auth.Token;
import dev.larder.server.http.auth.UserTokens;
import dev.larder.server.rest.RestLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the node needs to know, decided from flags, environment, configuration and defaults, in
 * this order.
 *
 * @param redis the engine's URI, or null where the node starts its own
 * @param tokens who may come in
 * @param userTokens makes those of the engine's users, or null where the nodes share no secret
 * @param scriptTime how long a script may run before it is ended, or null where none is
 * @param madeToken whether the first of them was made here, so that somebody has to be told
 */
record Settings(
    String listen,
    int port,
    @Nullable String redis,
    Path data,
    List<Token> tokens,
    boolean madeToken,
    @Nullable UserTokens userTokens,
    int eventLoops,
    boolean accessLog,
    boolean acceptVulnerableEngine,
    @Nullable Duration scriptTime,
    RestLimits limits,
    HttpLimits httpLimits,
    List<String> corsOrigins,
    @Nullable Tls tls) {

  /** The URL by which clients on this machine reach the node. */
  String url() {
    String host = listen.equals("0.0.0.0") || listen.equals("::") ? "127.0.0.1" : listen;
    return (tls == null ? "http://" : "https://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port;
  }

  /** Whether only this machine can reach it. */
  boolean loopback() {
    try {
      return InetAddress.getByName(listen).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new StartException("cannot listen on '" + listen + "': there is no such address", e);
    }
  }
}

package dev.larder.embedded;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EngineProcess} runs; always on 127.0.0.1.
 *
 * @param binary the engine
 * @param directory where its data, configuration and log are
 * @param password what clients must give; empty for none
 * @param directives further lines of redis.conf
 * @param tls with which it speaks TLS, on its only port; null for no TLS
 */
public record EngineSettings(
    EngineBinary binary,
    Path directory,
    String password,
    List<String> directives,
    @Nullable EngineTls tls) {

  /** Refuses a password or a directive that would mean something else in redis.conf. */
  public EngineSettings {
    directives = List.copyOf(directives);
    if (!password.matches("[A-Za-z0-9._~-]*")) {
      throw new IllegalArgumentException("a password is of A-Z a-z 0-9 . _ ~ - only");
    }
    for (String line : directives) {
      if (line.contains("\n") || line.contains("\r")) {
        throw new IllegalArgumentException("a directive is one line, was " + line);
      }
    }
  }

  /** Without TLS. */
  public EngineSettings(
      EngineBinary binary, Path directory, String password, List<String> directives) {
    this(binary, directory, password, directives, null);
  }

  /**
   * {@code redis://:password@127.0.0.1:port}, or {@code rediss://} with TLS: a secret where there
   * is a password.
   */
  String uri(int port) {
    return (tls == null ? "redis://" : "rediss://")
        + (password.isEmpty() ? "" : ":" + password + "@")
        + "127.0.0.1:"
        + port;
  }

  boolean isClusterNode() {
    return directives.contains("cluster-enabled yes");
  }

  String redisConf(int port) {
    var conf = new StringBuilder();
    conf.append("# Written anew at every start.\n");
    conf.append("bind 127.0.0.1\n");
    if (tls == null) {
      conf.append("port ").append(port).append('\n');
    } else {
      conf.append("port 0\n");
      conf.append("tls-port ").append(port).append('\n');
      tls.directives().forEach(line -> conf.append(line).append('\n'));
    }
    conf.append("protected-mode yes\n");
    if (!password.isEmpty()) {
      conf.append("requirepass ").append(password).append('\n');
    }
    conf.append("daemonize no\n");
    conf.append("logfile ").append(EngineLog.FILE).append('\n');
    conf.append("save \"\"\n");
    directives.forEach(line -> conf.append(line).append('\n'));
    return conf.toString();
  }

  @Override
  public String toString() {
    return binary + " in " + directory;
  }
}

package dev.larder.redis.uri;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where Redis is, and how to get in. The forms:
 *
 * <pre>
 * redis://[[user]:password@]host[:port][/database]
 * redis-sentinel://[[user]:password@]host[:port],host[:port][/database]#master
 * redis-cluster://[[user]:password@]host[:port],host[:port]
 * redis-socket://[[user]:password@]/path/of/the/socket
 * </pre>
 *
 * and the first three with TLS: {@code rediss://}, {@code rediss-sentinel://}, {@code
 * rediss-cluster://}. User and password are percent-decoded, and are the engine's, not the
 * Sentinels'; IPv6 addresses stand in brackets; ports default to 6379, those of Sentinels to 26379.
 *
 * @param topology how the nodes belong together
 * @param nodes the engine, the Sentinels, or some nodes of the Cluster; none where there is a
 *     socket
 * @param tls whether connections are encrypted
 * @param user the ACL user; none means the default user
 * @param password the password, in plain text
 * @param database the number of the database
 * @param master the name under which Sentinels know the primary; only with {@link
 *     Topology#SENTINEL}
 * @param socket the absolute path of a unix socket, instead of nodes
 */
public record RedisUri(
    Topology topology,
    List<Node> nodes,
    boolean tls,
    Optional<String> user,
    Optional<String> password,
    int database,
    Optional<String> master,
    Optional<String> socket) {

  /** How nodes belong together. */
  public enum Topology {
    /** One engine. */
    STANDALONE,
    /** Sentinels, which know where the primary is. */
    SENTINEL,
    /** A Redis or Valkey Cluster. */
    CLUSTER
  }

  /**
   * Where a process listens.
   *
   * @param host a name or an address, IPv6 without brackets
   * @param port from 1 to 65535
   */
  public record Node(String host, int port) {
    /** Refuses what cannot be connected to. */
    public Node {
      if (host.isBlank()) {
        throw new IllegalArgumentException("a host is missing");
      }
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("a port is from 1 to 65535, was " + port);
      }
    }

    /** Whether this is where a connection leads to. */
    public boolean isAt(InetSocketAddress end) {
      return port == end.getPort()
          && (host.equals(end.getHostString())
              || (end.getAddress() != null && host.equals(end.getAddress().getHostAddress())));
    }

    /** As in an URI, an IPv6 address in brackets. */
    @Override
    public String toString() {
      return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }
  }

  /** Refuses what does not fit together. */
  public RedisUri {
    nodes = List.copyOf(nodes);
    if (nodes.isEmpty() == socket.isEmpty()) {
      throw new IllegalArgumentException("it needs either a host or the path of a unix socket");
    }
    if (topology == Topology.STANDALONE && nodes.size() > 1) {
      throw new IllegalArgumentException(
          "it names " + nodes.size() + " hosts, but one engine has one");
    }
    if ((topology == Topology.SENTINEL) != master.isPresent()) {
      throw new IllegalArgumentException(
          master.isPresent()
              ? "only Sentinels know a primary by name, but it names #" + master.get()
              : "it does not say under which #name the Sentinels know the primary");
    }
    if (socket.isPresent() && (topology != Topology.STANDALONE || tls || database != 0)) {
      throw new IllegalArgumentException(
          "a unix socket goes to one engine, without TLS, to database 0");
    }
    if (database < 0 || (topology == Topology.CLUSTER && database != 0)) {
      throw new IllegalArgumentException(
          "the database is "
              + database
              + ", but a Cluster has only database 0, and none is negative");
    }
    if (user.isPresent() && password.isEmpty()) {
      throw new IllegalArgumentException("it names the user " + user.get() + ", but no password");
    }
  }

  /**
   * Reads one of the forms above.
   *
   * @throws IllegalArgumentException that shows the text with its password masked, what is wrong
   *     with it, and what would be right
   */
  public static RedisUri parse(String text) {
    return RedisUriText.parse(text);
  }

  /** The URI with its password masked: safe to log. */
  @Override
  public String toString() {
    return RedisUriText.masked(this);
  }
}

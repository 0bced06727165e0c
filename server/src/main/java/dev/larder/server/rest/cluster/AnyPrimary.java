package dev.larder.server.rest.cluster;

import dev.larder.redis.lettuce.cluster.ClusterNodes;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.resource.SocketAddressResolver;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where subscribers of a Cluster listen: they hear everything from any node, so at each connect
 * from a primary that can be reached.
 */
final class AnyPrimary extends SocketAddressResolver implements NettyCustomizer {
  private final EventLoop loop;
  private final ClusterNodes nodes;
  private final Set<Channel> subscribed = new HashSet<>();

  AnyPrimary(EventLoop loop, ClusterNodes nodes) {
    this.loop = loop;
    this.nodes = nodes;
  }

  @Override
  public SocketAddress resolve(RedisURI first) {
    ClusterNodes.Member member = nodes.any();
    return member == null
        ? super.resolve(first)
        : new InetSocketAddress(member.node().host(), member.node().port());
  }

  @Override
  public void afterChannelInitialized(Channel channel) {
    loop.execute(() -> subscribed.add(channel));
    channel.closeFuture().addListener(closed -> subscribed.remove(channel));
  }

  /** Closes connections to what is no primary any more: they come back at another one. */
  void leaveOthers() {
    for (Channel channel : List.copyOf(subscribed)) {
      if (channel.isActive() && !isPrimary(channel.remoteAddress())) {
        var unused = channel.close();
      }
    }
  }

  private boolean isPrimary(SocketAddress address) {
    return !(address instanceof InetSocketAddress at)
        || at.getAddress() == null
        || nodes.table().primaries().stream().anyMatch(it -> it.node().isAt(at));
  }
}

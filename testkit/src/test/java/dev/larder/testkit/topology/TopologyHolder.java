package dev.larder.testkit.topology;

import java.io.IOException;
import java.io.OutputStream;

/** A JVM of its own that holds a Cluster, to be killed. */
final class TopologyHolder {
  private TopologyHolder() {}

  /** Says the nodes' pids, then does nothing. */
  @SuppressWarnings("SystemOut")
  public static void main(String[] args) throws IOException {
    var cluster = RedisCluster.start();
    cluster.nodes().get(0).pause();
    cluster.nodes().forEach(it -> System.out.println("pid " + it.pid()));
    System.in.transferTo(OutputStream.nullOutputStream());
  }
}

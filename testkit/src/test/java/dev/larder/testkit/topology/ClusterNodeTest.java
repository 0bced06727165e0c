package dev.larder.testkit.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testkit.topology.ClusterNode.Range;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterNodeTest {
  @Test
  void isReadFromALineOfAnOldEngine() {
    ClusterNode node =
        node("a1 127.0.0.1:7001@17001 myself,master - 0 0 3 connected 0-99 200 [5->-b2] [7-<-c3]");
    assertThat(node.port()).isEqualTo(7001);
    assertThat(node.ranges()).containsExactly(new Range(0, 99), new Range(200, 200));
    assertThat(node.moving()).containsEntry(5, "b2").containsEntry(7, "c3").hasSize(2);
    assertThat(node.slots().count()).isEqualTo(101);
    assertThat(node.isMyself() && node.isPrimary() && node.isHealthy()).isTrue();
  }

  @Test
  void isReadFromALineOfANewEngine() {
    ClusterNode node = node("b2 127.0.0.1:7002@17002,host.example slave a1 0 9 3 connected");
    assertThat(node.port()).isEqualTo(7002);
    assertThat(node.primaryId()).isEqualTo("a1");
    assertThat(node.isReplica() && node.isHealthy()).isTrue();
    assertThat(node.owns(0)).isFalse();
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "master|connected|true",
        "master|disconnected|false",
        "myself,master|disconnected|true",
        "master,fail?|connected|false",
        "slave,fail|connected|false",
        "handshake|connected|false",
        "master,noaddr|connected|false",
      })
  void isHealthyIfNothingIsWrong(String flags, String link, boolean healthy) {
    assertThat(node("a1 127.0.0.1:1@2 " + flags + " - 0 0 1 " + link).isHealthy())
        .isEqualTo(healthy);
  }

  private static ClusterNode node(String line) {
    return ClusterNode.parse(line + "\n").get(0);
  }
}

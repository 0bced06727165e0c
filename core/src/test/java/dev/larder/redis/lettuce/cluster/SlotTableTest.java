package dev.larder.redis.lettuce.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.larder.redis.NodeId;
import dev.larder.redis.uri.RedisUri.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTableTest {
  private static final Node ASKED = new Node("10.0.0.1", 7000);
  private static final String TOLD =
      """
      a1 :7000@17000 myself,master - 0 0 1 connected 0-100 200 [200->-d4] [300-<-b2] [7->-e5]
      b2 ::1:7001@17001,node-b,shard-id=x master - 0 0 2 connected 101-199 201-16383
      c3 127.0.0.1:7002@17002 slave b2 0 0 2 connected
      d4 127.0.0.1:7003@17003 master - 0 0 3 connected
      e5 :0@0 master,noaddr - 0 0 4 disconnected
      f6 127.0.0.1:7004@17004 handshake - 0 0 0 connected
      """;
  private final SlotTable table = SlotTable.parse(TOLD, ASKED, false);

  @Test
  void knowsWhoHasWhichSlots() {
    assertThat(table.owner(0)).isEqualTo(ASKED);
    assertThat(table.owner(200)).isEqualTo(ASKED);
    assertThat(table.owner(150)).isEqualTo(new Node("::1", 7001));
    assertThat(table.primaries()).extracting(it -> it.firstSlot()).containsExactly(0, 101);
    assertThat(table.primaries())
        .extracting(it -> it.id())
        .containsExactly(new NodeId("a1"), new NodeId("b2"));
  }

  @Test
  void knowsNodesWithoutSlotsAndAddressesUnderEachOfTheirNames() {
    assertThat(table.all()).hasSize(4);
    assertThat(table.redirected("127.0.0.1:7003", ASKED)).isEqualTo(new Node("127.0.0.1", 7003));
    assertThat(table.redirected("node-b:7001", ASKED)).isEqualTo(new Node("::1", 7001));
    assertThat(table.redirected(":7000", ASKED)).isEqualTo(ASKED);
    assertThat(table.redirected("evil.example:1", ASKED)).isNull();
    assertThat(SlotTable.parse(TOLD, ASKED, true).owner(150)).isEqualTo(new Node("node-b", 7001));
  }

  @Test
  void knowsWhichSlotsTheNodeItselfMovesAndWhereTo() {
    assertThat(table.migrating(200)).isEqualTo(new Node("127.0.0.1", 7003));
    assertThat(table.migrating(300)).as("one that comes").isNull();
    assertThat(table.migrating(7)).as("to a node without an address").isNull();
    assertThat(table.migrating(0)).isNull();
  }

  @Test
  void tellsTheDistributionOfTheSlotsByAFingerprint() {
    assertThat(SlotTable.parse(TOLD.replace(" [200->-d4]", ""), ASKED, true).fingerprint())
        .isEqualTo(table.fingerprint());
    assertThat(SlotTable.parse(TOLD.replace("0-100 200", "0-100"), ASKED, false).fingerprint())
        .isNotEqualTo(table.fingerprint());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0-16384", "x", "5-", "-1", "[x->-d4]"})
  void refusesWhatAreNoSlots(String slots) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlotTable.parse(TOLD.replace("0-100", slots), ASKED, false));
  }
}

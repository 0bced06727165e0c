package dev.larder.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testkit.RealRedis;
import dev.larder.testkit.relay.TcpRelay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

// region cart
class CartTest {
  @RegisterExtension static final RealRedis redis = RealRedis.newest();

  @Test
  void keepsWhatWasPutIn() {
    try (var cart = new Cart(redis.uri())) { // your own code, given the address as in production
      cart.put("sku-42");
      assertThat(redis.process().command("SISMEMBER", "cart", "sku-42")).isEqualTo("1");
    }
  }

  // endregion

  // region relay
  @RegisterExtension static final TcpRelay relay = TcpRelay.to(() -> redis.process().port());

  @Test
  void answersWithinItsBudgetWhenTheNetworkIsSilent() {
    try (var cart = new Cart("redis://127.0.0.1:" + relay.port())) {
      cart.put("sku-42");
      relay.stall(); // connections stay open, nothing comes through
      assertThat(cart.items()).isEmpty();
      relay.resume();
    }
  }
  // endregion
}

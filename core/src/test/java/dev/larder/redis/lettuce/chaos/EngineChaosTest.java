package dev.larder.redis.lettuce.chaos;

import dev.larder.embedded.EngineBinary;
import dev.larder.testkit.RedisProcess;
import dev.larder.testkit.relay.StreamFault;
import dev.larder.testkit.relay.StreamFault.Cut;
import dev.larder.testkit.relay.StreamFault.Drop;
import dev.larder.testkit.relay.StreamFault.Flip;
import dev.larder.testkit.relay.StreamFault.Insert;
import dev.larder.testkit.relay.StreamFault.Replace;
import dev.larder.testkit.relay.TcpRelay;
import dev.larder.testkit.relay.TcpRelay.Direction;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One engine, and the network to it. */
class EngineChaosTest extends Chaos {
  /** Each makes a reply one that cannot be, or harms only what is its own call's. */
  private static final List<StreamFault> FAULTS =
      List.of(new Flip(0x80), new Replace("\0"), new Insert("\u0001"), new Drop(1), new Cut());

  private static RedisProcess start(EngineBinary binary) {
    return RedisProcess.start(it -> it.binary(binary).appendOnly());
  }

  private static String uri(TcpRelay relay) {
    return "redis://127.0.0.1:" + relay.port();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH)
  void keepsItsPromisesWhenTheEngineIsKilledAndStartedAgain(EngineBinary binary) throws Exception {
    try (RedisProcess redis = start(binary)) {
      survive(
          redis.uri(),
          redis,
          load -> {
            for (int i = 0; i < rounds(); i++) {
              load.awaitCalls(500);
              redis.kill();
              load.awaitCalls(200);
              redis.restart();
              load.awaitService("started again");
            }
            return 0;
          });
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH)
  void keepsItsPromisesWhenTheEngineStandsStill(EngineBinary binary) throws Exception {
    try (RedisProcess redis = start(binary)) {
      survive(
          redis.uri(),
          redis,
          load -> {
            for (int i = 0; i < rounds(); i++) {
              redis.pause();
              load.awaitCalls(300);
              redis.resume();
              load.awaitService("resumed");
            }
            // One that is taken for gone.
            redis.pause();
            load.awaitLost();
            redis.kill();
            redis.restart();
            load.awaitService("another engine in its place");
            return 0;
          });
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH)
  void keepsItsPromisesWhenTheNetworkStallsAndBreaks(EngineBinary binary) throws Exception {
    try (RedisProcess redis = start(binary);
        TcpRelay relay = TcpRelay.to(redis.port())) {
      survive(
          uri(relay),
          redis,
          load -> {
            for (int i = 0; i < rounds(); i++) {
              for (Direction direction : Direction.values()) {
                relay.stall(direction);
                load.awaitCalls(300);
                relay.resume();
                load.awaitService("no longer stalled " + direction);
                relay.stall(direction);
                load.awaitCalls(300);
                relay.cut();
                relay.heal();
                load.awaitService("cut off while stalled " + direction);
              }
            }
            return 0;
          });
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource(EACH)
  void keepsItsPromisesWhenTheByteStreamIsHarmed(EngineBinary binary) throws Exception {
    try (RedisProcess redis = start(binary);
        TcpRelay relay = TcpRelay.to(redis.port())) {
      var random = new Random(17);
      survive(
          uri(relay),
          redis,
          load -> {
            int faults = 0;
            for (int i = 0; i < rounds(); i++) {
              // Every other time in pieces of an odd size; in EveryByteTest, of one byte each.
              relay.chop((i + 1) % 2 * 1_999);
              for (StreamFault fault : FAULTS) {
                relay.inject(Direction.TO_CLIENT, random.nextInt(5_000), fault);
                hit(relay);
                load.awaitService("after " + fault + " to the client");
                // Cut off, as an engine takes what follows a broken command for commands without
                // a frame, and answers each word: nobody could tell whose answers those are.
                relay.inject(Direction.TO_TARGET, random.nextInt(5_000), fault, new Cut());
                hit(relay);
                load.awaitService("after " + fault + " to the engine, and cut off");
                faults += 2;
              }
            }
            // Each may have harmed two neighbours.
            return 2 * faults;
          });
    }
  }

  private static void hit(TcpRelay relay) {
    Awaitility.await().until(() -> relay.pendingFaults() == 0);
  }
}

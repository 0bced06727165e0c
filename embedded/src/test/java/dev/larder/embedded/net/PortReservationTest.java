package dev.larder.embedded.net;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.larder.embedded.system.Jvm;
import dev.larder.embedded.system.SystemCommand;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PortReservationTest {
  private static final int BUS = 10_000;
  private final List<PortReservation> reserved = new ArrayList<>();

  @AfterEach
  void release() {
    reserved.forEach(PortReservation::close);
  }

  private PortReservation keep(PortReservation reservation) {
    reserved.add(reservation);
    return reservation;
  }

  @Test
  void givesAPortToOneOwnerAtATimeThoughNobodyListensOnIt() throws IOException {
    // As many as are likely to hit one of the 2700 ports twice.
    for (int i = 0; i < 300; i++) {
      keep(PortReservation.clusterNode());
    }
    assertThat(reserved.stream().map(PortReservation::port).collect(toSet())).hasSize(300);
  }

  @Test
  void letsTheOwnerListenAndNobodyElseReserveMeanwhileOrAfterwards() throws IOException {
    PortReservation reservation = keep(PortReservation.any());
    try (var owner = new ServerSocket()) {
      owner.bind(Loopback.address(reservation.port()));
    }
    assertThatIOException().isThrownBy(() -> PortReservation.of(reservation.port()));
    reservation.close();
    keep(PortReservation.of(reservation.port()));
  }

  /** Says whether another process can reserve a port. */
  public static final class Attempt {
    public static void main(String[] args) {
      try (var reservation = PortReservation.of(Integer.parseInt(args[0]))) {
        say("reserved " + reservation);
      } catch (IOException e) {
        say("refused");
      }
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line) {
      System.out.println(line);
    }
  }

  @Test
  void keepsOtherProcessesOutUntilItIsClosed() throws IOException {
    PortReservation reservation = keep(PortReservation.any());
    assertThat(attemptOfAnotherProcess(reservation.port())).isEqualTo("refused");
    reservation.close();
    assertThat(attemptOfAnotherProcess(reservation.port())).startsWith("reserved");
  }

  private static String attemptOfAnotherProcess(int port) {
    return SystemCommand.run(Jvm.command(Attempt.class, Integer.toString(port))).output();
  }

  @Test
  void takesNoPortOnWhichSomebodyListens() throws IOException {
    int port;
    try (var reservation = PortReservation.any()) {
      port = reservation.port();
    }
    try (var listener = new ServerSocket()) {
      listener.bind(Loopback.address(port));
      assertThatIOException().isThrownBy(() -> PortReservation.of(port));
    }
  }

  @Test
  void keepsEnginesAndClustersAndTheirBusesApartBelowTheEphemeralPorts() throws IOException {
    for (int i = 0; i < 100; i++) {
      int engine = keep(PortReservation.any()).port();
      int node = keep(PortReservation.clusterNode()).port();
      assertThat(engine).isBetween(22_700, 29_999);
      assertThat(node).isBetween(20_000, 22_699);
      assertThat(node + BUS).isBetween(30_000, 32_767);
    }
  }
}

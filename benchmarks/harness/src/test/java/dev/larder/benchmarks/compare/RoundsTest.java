package dev.larder.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
  @Test
  void everySubjectIsWarmedUpUntilItsTimeIsOverAndMeasuredOnceARound() throws InterruptedException {
    Counting first = new Counting("first", new ArrayList<>());
    Counting second = new Counting("second", new ArrayList<>());
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    Pace pace = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(2), 3);

    Rounds rounds = Rounds.run(List.of(first, second), pace, out);

    for (Counting subject : List.of(first, second)) {
      assertThat(rounds.of(subject)).hasSize(3);
      assertThat(subject.times.stream().filter(pace.measure()::equals)).hasSize(3);
      assertThat(subject.times.stream().filter(pace.warmUp()::equals)).hasSizeGreaterThan(1);
    }
  }

  private record Counting(String label, List<Duration> times) implements Subject {
    @Override
    public Measurement measure(Duration time) {
      times.add(time);
      return new Measurement(1, 1, 1, 1);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }
  }
}

package dev.larder.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {
  @ParameterizedTest(name = "of {0}, round {1}: {2}")
  @CsvSource({
    "ABCD, 0, ABDC",
    "ABCD, 1, BCAD",
    "ABCD, 2, CDBA",
    "ABCD, 3, DACB",
    "ABCD, 4, ABDC",
    "ABC, 0, ABC",
    "ABC, 1, ACB",
    "ABC, 2, CAB",
    "ABC, 3, CBA",
    "ABC, 4, BCA",
    "ABC, 5, BAC",
    "A, 0, A",
    "A, 1, A"
  })
  void everyRoundHasAnotherOrderUntilAllAreThrough(String subjects, int round, String order) {
    assertThat(String.join("", Order.of(List.of(subjects.split("")), round))).isEqualTo(order);
  }

  @ParameterizedTest(name = "{0} subjects")
  @ValueSource(ints = {2, 3, 4, 5, 7, 8, 9, 12})
  void allStandEquallyOftenInEachPositionAndAfterEachOther(int size) {
    int rounds = size % 2 == 0 ? size : 2 * size;
    Counts counts = counted(size, rounds);
    assertThat(counts.positions).hasSize(size * size);
    assertThat(counts.positions.values()).containsOnly(rounds / size);
    assertThat(counts.neighbours).hasSize(size * (size - 1));
    assertThat(counts.neighbours.values()).containsOnly(rounds / size);
  }

  @ParameterizedTest(name = "{0} subjects, {1} rounds: at most {2} times")
  @CsvSource({"12, 5, 1", "8, 7, 1", "7, 5, 2", "9, 4, 2"})
  void fewerRoundsAreAlmostAsEven(int size, int rounds, int atMost) {
    Counts counts = counted(size, rounds);
    assertThat(counts.positions.values()).allMatch(it -> it <= atMost);
    assertThat(counts.neighbours.values()).allMatch(it -> it <= 2 * atMost);
  }

  private record Counts(
      Map<List<Integer>, Integer> positions, Map<List<Integer>, Integer> neighbours) {}

  private static Counts counted(int size, int rounds) {
    List<Integer> subjects = IntStream.range(0, size).boxed().toList();
    Counts counts = new Counts(new HashMap<>(), new HashMap<>());
    for (int round = 0; round < rounds; round++) {
      List<Integer> order = Order.of(subjects, round);
      for (int position = 0; position < size; position++) {
        counts.positions.merge(List.of(order.get(position), position), 1, Integer::sum);
        if (position > 0) {
          counts.neighbours.merge(
              List.of(order.get(position - 1), order.get(position)), 1, Integer::sum);
        }
      }
    }
    return counts;
  }
}

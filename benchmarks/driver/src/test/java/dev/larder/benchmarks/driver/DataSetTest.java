package dev.larder.benchmarks.driver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSetTest {
  @ParameterizedTest
  @CsvSource({"uniform-64, 64", "zipf-1024, 1024", "uniform-16, 16", "zipf-4096, 4096"})
  void valuesAreAsLongAsTheNameSaysAndDiffer(String name, int length) {
    DataSet data = DataSet.named(name);
    assertThat(data.value(0)).hasSize(length).isNotEqualTo(data.value(1)).doesNotContain(" ");
    assertThat(DataSet.key(4711)).isEqualTo("key:000000004711");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "normal-64", "zipf", "zipf-15", "zipf-4097", "zipf-064", "zipf-64k"})
  void aNameThatMeansNothingIsRefusedWithWhatWouldBeRight(String name) {
    assertThatThrownBy(() -> DataSet.named(name))
        .hasMessageStartingWith("a data set is uniform-N or zipf-N")
        .hasMessageEndingWith("was " + name);
  }

  @Test
  void everyProcessReadsTheSameKeysInTheSameOrder() {
    DataSet.Reads one = DataSet.named("zipf-64").reads();
    DataSet.Reads other = DataSet.named("zipf-64").reads();
    assertThat(numbers(one)).containsExactly(numbers(other));
  }

  @Test
  void uniformReadsTheKeysEvenlyAndZipfTheFirstMostOften() {
    int[] uniform = numbers(DataSet.named("uniform-64").reads());
    int[] zipf = numbers(DataSet.named("zipf-64").reads());
    assertThat(share(uniform, 0)).isLessThan(0.001);
    assertThat(share(zipf, 0)).isBetween(0.09, 0.11);
    assertThat(share(zipf, 1)).isBetween(0.04, 0.06);
  }

  @Test
  void positionsBeginAgainAtTheEndOfTheReads() {
    DataSet.Reads reads = DataSet.named("uniform-64").reads();
    assertThat(reads.number(reads.size() + 3)).isEqualTo(reads.number(3));
    assertThat(new String(reads.key(7), US_ASCII)).isEqualTo(DataSet.key(7));
    assertThat(reads.value(7)).hasSize(64);
  }

  private static int[] numbers(DataSet.Reads reads) {
    return IntStream.range(0, reads.size()).map(reads::number).toArray();
  }

  private static double share(int[] numbers, int key) {
    return (double) IntStream.of(numbers).filter(it -> it == key).count() / numbers.length;
  }
}

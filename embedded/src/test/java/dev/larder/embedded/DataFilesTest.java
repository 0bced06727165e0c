package dev.larder.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.embedded.EngineBinary.Origin;
import dev.larder.embedded.EngineBinary.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataFilesTest {
  @TempDir Path temp;

  /** An empty refusal: the engine may open it. Files that end in 0 are empty. */
  @ParameterizedTest(name = "{0} by Redis {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "notes.txt                                         | 6.2.11 |",
        "appendonly.aof                                    | 6.2.11 |",
        "appendonly.aof                                    | 7.0.15 |",
        "appendonly.aof dump.rdb                           | 6.2.11 |",
        "appendonly.aof temp-rewriteaof-7.aof              | 6.2.11 |",
        "temp-7.rdb                                        | 6.2.11 |",
        "appendonlydir/appendonly.aof.1.base.rdb dump.rdb  | 7.0.15 |",
        "appendonlydir/appendonly.aof.1.incr.aof0          | 6.2.11 | the data is in appendonlydir",
        "appendonlydir/appendonly.aof.1.base.rdb           | 6.2.11 | the data is in appendonlydir",
        "appendonlydir/appendonly.aof appendonly.aof       | 7.0.15 | both appendonly.aof and",
        "appendonlydir/appendonly.aof appendonly.aof       | 6.2.11 | both appendonly.aof and",
        "appendonlydir/appendonly.aof appendonly.aof0      | 7.0.15 |",
        "appendonlydir/appendonly.aof.manifest appendonly.aof | 6.2.11 |",
        "dump.rdb                                          | 7.0.15 | holds dump.rdb but no",
        "dump.rdb appendonly.aof0                          | 7.0.15 | holds dump.rdb but no",
        "other.aof                                         | 7.0.15 | holds other.aof but no",
        "aof/other.aof.manifest                            | 7.0.15 | holds aof but no",
      })
  void areRefusedToAnEngineThatWouldNotReadThem(String files, String version, String refusal)
      throws IOException {
    for (String name : files.strip().split(" ", -1)) {
      boolean empty = name.endsWith("0");
      Path file = temp.resolve(empty ? name.substring(0, name.length() - 1) : name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, empty ? "" : "REDIS0010");
    }
    var engine =
        new EngineBinary(
            Product.REDIS, EngineVersion.parse(version), Path.of("/opt/redis"), Origin.PATH);
    Optional<String> actual = DataFiles.in(temp).refusal(engine);
    if (refusal == null) {
      assertThat(actual).isEmpty();
    } else {
      assertThat(actual).hasValueSatisfying(it -> assertThat(it).contains(refusal));
    }
  }
}

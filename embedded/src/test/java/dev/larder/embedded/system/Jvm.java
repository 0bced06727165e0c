package dev.larder.embedded.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM on the class path of the tests. */
public final class Jvm {
  private Jvm() {}

  /** The command that runs a class's main method. */
  public static List<String> command(Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}

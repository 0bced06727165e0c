package dev.larder.embedded;

import dev.larder.embedded.system.SystemCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What Debian's package manager knows of an engine; nothing elsewhere. */
final class DebianPackage {
  private static final String REDIS_7_0_FIX = "5:7.0.15-1~deb12u6";

  private DebianPackage() {}

  /** Whether the file belongs to a package into which Debian 12 has put the fix for Redis 7.0. */
  static boolean carriesFixOfRedis70(Path file) {
    return version(file).filter(DebianPackage::isFixedRedis70).isPresent();
  }

  /**
   * Only for versions of Debian 12: others, such as Ubuntu's, sort after it without having the fix.
   */
  static boolean isFixedRedis70(String version) {
    return version.contains("~deb12u")
        && version.startsWith("5:7.0.")
        && SystemCommand.run(List.of("dpkg", "--compare-versions", version, "ge", REDIS_7_0_FIX))
                .status()
            == 0;
  }

  /** Where /bin is a link to /usr/bin, packages know their files only in the latter. */
  private static Path asInstalled(Path file) {
    try {
      return file.resolveSibling(".").toRealPath().resolve(file.getFileName());
    } catch (IOException e) {
      return file;
    }
  }

  private static Optional<String> version(Path file) {
    var owner = SystemCommand.run(List.of("dpkg-query", "-S", asInstalled(file).toString()));
    if (owner.status() != 0 || !owner.output().contains(": ")) {
      return Optional.empty();
    }
    String name = owner.output().substring(0, owner.output().indexOf(": "));
    var version = SystemCommand.run(List.of("dpkg-query", "-W", "-f", "${Version}", name));
    return Optional.of(version.output()).filter(it -> version.status() == 0);
  }
}

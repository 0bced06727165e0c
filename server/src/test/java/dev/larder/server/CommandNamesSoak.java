package dev.larder.server;

/** The same with so many numbers that some hit, whatever the engine's seed. */
class CommandNamesSoak extends CommandNamesIT {
  @Override
  int numbers() {
    return 100_000;
  }
}

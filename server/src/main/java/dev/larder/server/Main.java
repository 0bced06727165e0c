package dev.larder.server;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The command line. */
@Command(
    name = "larder",
    description =
        "What a web team puts between its application and its slow parts, on a real Redis.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = ServeCommand.class)
public final class Main implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  private Main() {}

  /**
   * Runs {@code larder}; ends the process with 0, with 1 where it could not do it, with 2 where it
   * was asked wrongly.
   */
  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(
            (e, arguments) -> {
              complain(e.getCommandLine().getErr(), e.getMessage() + " (see 'larder --help')");
              return CommandLine.ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (e, line, result) -> {
              if (e instanceof StartException) {
                complain(line.getErr(), String.valueOf(e.getMessage()));
                return CommandLine.ExitCode.SOFTWARE;
              }
              throw e;
            });
  }

  private static void complain(PrintWriter to, String message) {
    to.println("larder: " + message.replace('\n', ' ').strip());
  }

  /** Tells the person at the terminal something, beside what scripts read. */
  static void say(String message) {
    System.err.println("larder: " + message);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: larder serve");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"larder " + (version == null ? "(unpackaged)" : version)};
    }
  }
}

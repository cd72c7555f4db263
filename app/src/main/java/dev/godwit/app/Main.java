package dev.godwit.app;

import dev.godwit.cli.ClientCommands;
import dev.godwit.lab.LabCommand;
import dev.godwit.lab.bench.BenchCommand;
import dev.godwit.lab.demo.DemoCommand;
import dev.godwit.lab.torture.TortureCommand;
import dev.godwit.simulation.SimulateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one program. */
@Command(
    name = "godwit",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Moves running virtual machines between libvirt hosts and never strands one.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    // A service that was killed is back sooner without having read what all other commands take.
    CommandLine godwit =
        switch (first) {
          case "server" -> with(new ServerCommand());
          case "agent" -> with(new AgentCommand());
          default -> commandLine();
        };
    System.exit(godwit.execute(arguments));
  }

  private static CommandLine with(Object service) {
    CommandLine godwit = new CommandLine(new Main());
    godwit.addSubcommand(service);
    return handled(godwit);
  }

  static CommandLine commandLine() {
    CommandLine godwit = new CommandLine(new Main());
    godwit.addSubcommand(new DemoCommand());
    godwit.addSubcommand(new BenchCommand());
    godwit.addSubcommand(new TortureCommand());
    godwit.addSubcommand(new SimulateCommand(Logging::end));
    godwit.addSubcommand(new LabCommand());
    godwit.addSubcommand(new ServerCommand());
    godwit.addSubcommand(new AgentCommand());
    godwit.addSubcommand(new RehearseCommand());
    ClientCommands.addTo(godwit);
    return handled(godwit);
  }

  private static CommandLine handled(CommandLine godwit) {
    ClientCommands.withExitCodes(godwit);
    godwit.setExecutionExceptionHandler(new Failures());
    godwit.setParameterExceptionHandler(ClientCommands.parameterExceptionHandler());
    return godwit;
  }

  /** The version of the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"godwit " + (version == null ? "(not packaged)" : version)};
    }
  }
}

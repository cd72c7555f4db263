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
    System.exit(commandLine().execute(arguments));
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

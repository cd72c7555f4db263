package dev.godwit.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands that are clients of the APIs, to be added to the {@code godwit} program. */
public final class ClientCommands {
  private ClientCommands() {}

  /** Adds every client command, each with the exit code table at the foot of its help. */
  public static void addTo(CommandLine godwit) {
    add(godwit, new HostCommands());
    add(godwit, new VmCommands());
    add(godwit, new VmAdoptCommand());
    add(godwit, new MigrateCommand());
    add(godwit, new MigrationCommands());
    add(godwit, new ExplainCommand());
    add(godwit, new LeftoversCommand());
    add(godwit, new CompletionCommand());
  }

  /** Turns what a command throws into what, why and what to do on stderr, and an exit code. */
  public static IExecutionExceptionHandler exceptionHandler() {
    return (exception, command, parsed) -> {
      PrintWriter err = command.getErr();
      if (exception instanceof CommandFailure failure) {
        print(err, failure.what(), failure.why(), failure.remedy());
        return failure.exitCode();
      }
      String message = exception.getMessage();
      print(
          err,
          "The command " + command.getCommandSpec().qualifiedName() + " ended unexpectedly.",
          exception.getClass().getSimpleName() + (message == null ? "" : ": " + message),
          "This is a fault of Godwit's command line; please report it with the command you ran.");
      return ExitCodes.FAILED;
    };
  }

  /**
   * Turns a wrong command line into two or three lines that say what is wrong and where to look.
   */
  public static IParameterExceptionHandler parameterExceptionHandler() {
    return (exception, arguments) -> {
      CommandLine command = exception.getCommandLine();
      PrintWriter err = command.getErr();
      err.println("godwit: " + Output.clean(String.valueOf(exception.getMessage())));
      UnmatchedArgumentException.printSuggestions(exception, err);
      err.println(
          "  To do: see '" + command.getCommandSpec().qualifiedName() + " --help' for its usage.");
      err.flush();
      return ExitCodes.USAGE;
    };
  }

  private static void print(PrintWriter err, String what, String why, String remedy) {
    err.println("godwit: " + Output.clean(what));
    if (!why.isBlank()) {
      err.println("  Why:   " + Output.clean(why));
    }
    if (!remedy.isBlank()) {
      err.println("  To do: " + Output.clean(remedy));
    }
    err.flush();
  }

  private static void add(CommandLine godwit, Object command) {
    CommandLine added = new CommandLine(command);
    withExitCodes(added);
    godwit.addSubcommand(added);
  }

  /** Puts the table of exit codes at the foot of a command's help, and of those below it. */
  public static void withExitCodes(CommandLine command) {
    command.getCommandSpec().usageMessage().footer(ExitCodes.table().toArray(String[]::new));
    command.getSubcommands().values().forEach(ClientCommands::withExitCodes);
  }
}

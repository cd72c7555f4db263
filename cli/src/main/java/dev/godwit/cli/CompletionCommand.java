package dev.godwit.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** godwit completion: the script that completes its command lines in bash. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    description = "Print the completion script for bash: source <(godwit completion)")
final class CompletionCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    CommandLine own = spec.commandLine();
    own.getOut().println(AutoComplete.bash(root.getCommandName(), root));
    own.getOut().flush();
    return ExitCodes.DONE;
  }
}

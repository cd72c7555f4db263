package dev.godwit.app;

import dev.godwit.agent.host.HostTrouble;
import dev.godwit.agent.lock.LockRefused;
import dev.godwit.app.config.ConfigurationRefused;
import dev.godwit.cli.ClientCommands;
import dev.godwit.cli.ExitCodes;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.server.store.DatabaseRefused;
import dev.godwit.server.store.DatabaseTrouble;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What people read when a command cannot go on, and the exit code that programs read. */
final class Failures implements IExecutionExceptionHandler {
  private final IExecutionExceptionHandler clients = ClientCommands.exceptionHandler();

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    return switch (failure) {
      case ConfigurationRefused refused -> say(command, refused, ExitCodes.USAGE);
      case DatabaseRefused refused -> say(command, refused, ExitCodes.FAILED);
      case DatabaseTrouble trouble -> say(command, trouble, ExitCodes.FAILED);
      case LabFailure lab -> say(command, lab, exit(lab.kind()));
      case LockRefused refused -> say(command, refused, ExitCodes.FAILED);
      case HostTrouble trouble -> say(command, trouble, ExitCodes.FAILED);
      case LibvirtException libvirt -> say(command, libvirt, ExitCodes.FAILED);
      case UncheckedIOException io -> say(command, io, ExitCodes.FAILED);
      case IllegalArgumentException input -> say(command, input, ExitCodes.USAGE);
      default -> clients.handleExecutionException(failure, command, parsed);
    };
  }

  private static int exit(LabFailure.Kind kind) {
    return switch (kind) {
      case FAILED -> ExitCodes.FAILED;
      case USAGE -> ExitCodes.USAGE;
      case NOT_FOUND -> ExitCodes.NOT_FOUND;
      case CONFLICT -> ExitCodes.CONFLICT;
    };
  }

  private static int say(CommandLine command, Exception failure, int exit) {
    Throwable cause = failure.getCause();
    command.getErr().println("godwit: " + failure.getMessage());
    if (failure instanceof UncheckedIOException && cause != null && cause.getMessage() != null) {
      command.getErr().println("  Why:   " + cause.getMessage());
    }
    command.getErr().flush();
    return exit;
  }
}

package dev.godwit.app.real;

import dev.godwit.cli.ClientCommands;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What one command of godwit's told. */
record CommandLineRun(int exit, String out, String err) {
  /** Runs a command against the lab's API. */
  static CommandLineRun of(RealLab lab, String... words) {
    CommandLine godwit = new CommandLine(CommandSpec.create().name("godwit"));
    ClientCommands.addTo(godwit);
    godwit.setExecutionExceptionHandler(ClientCommands.exceptionHandler());
    godwit.setParameterExceptionHandler(ClientCommands.parameterExceptionHandler());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    godwit.setOut(new PrintWriter(out, true));
    godwit.setErr(new PrintWriter(err, true));
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--url", lab.lab().api().toString()));
    line.addAll(List.of("--token-file", lab.lab().tokenFile().toString()));
    return new CommandLineRun(
        godwit.execute(line.toArray(String[]::new)), out.toString(), err.toString());
  }
}

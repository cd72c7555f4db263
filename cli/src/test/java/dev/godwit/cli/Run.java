package dev.godwit.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** One run of the program: what it printed and its exit code. */
record Run(int exit, String out, String err) {
  @Command(name = "godwit")
  private static final class Root {}

  /** Against this server, with its token. */
  static Run of(FakeGodwit godwit, String... arguments) {
    return of(godwit.url(), FakeGodwit.TOKEN, arguments);
  }

  static Run of(String url, String token, String... arguments) {
    try {
      Path file = Files.createTempFile("godwit", ".token");
      try {
        Files.writeString(file, token + "\n");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", url, "--token-file", file.toString()));
        return bare(all.toArray(String[]::new));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With these arguments and no more. */
  static Run bare(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine godwit = new CommandLine(new Root());
    ClientCommands.addTo(godwit);
    godwit.setOut(new PrintWriter(out));
    godwit.setErr(new PrintWriter(err));
    godwit.setExecutionExceptionHandler(ClientCommands.exceptionHandler());
    godwit.setParameterExceptionHandler(ClientCommands.parameterExceptionHandler());
    int exit = godwit.execute(arguments);
    return new Run(exit, out.toString(), err.toString());
  }
}

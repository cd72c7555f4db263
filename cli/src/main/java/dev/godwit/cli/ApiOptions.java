package dev.godwit.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options every client command has: where the API is, who asks, and for whom the answer is. */
final class ApiOptions {
  private static final int TOKEN_LIMIT_BYTES = 64 * 1024;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:GODWIT_URL:-http://127.0.0.1:8774}",
      description =
          "The API; several addresses, with commas between them, are tried in order. Default: $$GODWIT_URL or http://127.0.0.1:8774.")
  String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      defaultValue = "${env:GODWIT_TOKEN_FILE:-${sys:user.home}/.config/godwit/token}",
      description =
          "A file that holds the token. Default: $$GODWIT_TOKEN_FILE or ~/.config/godwit/token.")
  Path tokenFile;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = TimeoutConverter.class,
      description = "How long one call may take, for example 500ms, 30s, 2m. Default: 30s.")
  Duration timeout;

  @Option(names = "--json", description = "Print JSON, for programs.")
  boolean json;

  /** The API these options name. */
  Api api() {
    return new Api(roots(), token(), timeout);
  }

  /** Where the command prints. */
  Output output() {
    return new Output(command.commandLine().getOut(), command.commandLine().getErr());
  }

  /** A refusal of the command line itself. */
  ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  private List<URI> roots() {
    return Arrays.stream(url.split("[,\\s]+")).map(this::root).toList();
  }

  private URI root(String address) {
    try {
      URI root = new URI(address.replaceAll("/+$", ""));
      boolean http = "http".equals(root.getScheme()) || "https".equals(root.getScheme());
      if (http && root.getHost() != null && root.getQuery() == null) {
        return root;
      }
    } catch (URISyntaxException e) {
      // Said below, the same way as any other address that is not one.
    }
    throw usage(
        "--url must be an address like http://127.0.0.1:8774 or https://cloud.example:8774, not '"
            + address
            + "'");
  }

  private String token() {
    try {
      if (Files.size(tokenFile) > TOKEN_LIMIT_BYTES) {
        throw noToken("the file is larger than 64 KiB, so it is not a token");
      }
      String token = Files.readString(tokenFile).strip();
      if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw noToken("the file must hold one word of printable ASCII: the token");
      }
      return token;
    } catch (IOException e) {
      throw noToken(
          Files.exists(tokenFile) ? "the file cannot be read: " + e.getMessage() : "no such file");
    }
  }

  private CommandFailure noToken(String why) {
    return new CommandFailure(
        ExitCodes.UNAUTHORIZED,
        "There is no token in " + tokenFile + ".",
        why,
        "Name the file with --token-file or in $GODWIT_TOKEN_FILE"
            + " ('godwit lab status' names the lab's).");
  }
}

package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit host fence: a host is dead for certain; what waits for it goes on without it. */
@Command(
    name = "fence",
    mixinStandardHelpOptions = true,
    description = {
      "Say that a host is dead for certain: what waits for it goes on without it.",
      "It holds until the host is heard again; then it is tidied up there."
    })
final class HostFenceCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Parameters(paramLabel = "HOST", description = "The host's name.")
  String host;

  @Option(
      names = "--powered-off",
      description =
          "That you made certain of it: guests that still ran there would run twice, and ruin their disks.")
  boolean poweredOff;

  @Option(names = "--reason", paramLabel = "TEXT", description = "How that is known.")
  Optional<String> reason;

  @Override
  public Integer call() {
    Api api = options.api();
    Hosts.of(api).require(host);
    if (!poweredOff) {
      throw new CommandFailure(
          ExitCodes.USAGE,
          "Nothing was recorded of %s.".formatted(host),
          "a host that is fenced must run no guest, and nobody can see that from here",
          "Cut its power, then say 'godwit host fence %s --powered-off'.".formatted(host));
    }
    ObjectNode body = Api.object().put("powered_off", true);
    reason.ifPresent(text -> body.put("reason", text));
    JsonNode answer = api.post("fence " + host, "/godwit/v1/hosts/" + host + "/fence", body);
    if (options.json) {
      options.output().json(answer);
    } else {
      options
          .output()
          .line(
              "%s is recorded as dead until it is heard again: moves that wait for it go on, and what they leave there is tidied up when it is back."
                  .formatted(host));
    }
    return ExitCodes.DONE;
  }
}

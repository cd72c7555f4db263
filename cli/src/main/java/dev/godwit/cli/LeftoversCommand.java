package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** godwit leftovers: what hosts hold and nothing needs. */
@Command(
    name = "leftovers",
    mixinStandardHelpOptions = true,
    description = {
      "What hosts still hold of Godwit's that no living migration and no instance needs: why, and what to do.",
      "With --remove what is proven to be an ended migration's and unused goes; nothing else is ever touched."
    })
final class LeftoversCommand implements Callable<Integer> {
  @Mixin ApiOptions options;

  @Option(names = "--host", paramLabel = "HOST", description = "Only on this host.")
  Optional<String> host = Optional.empty();

  @Option(names = "--remove", description = "Remove what is proven to be of no use.")
  boolean remove;

  @Override
  public Integer call() {
    return remove ? removed() : listed();
  }

  private int listed() {
    String query =
        host.map(name -> "?host=" + URLEncoder.encode(name, StandardCharsets.UTF_8)).orElse("");
    JsonNode answer = options.api().get("look for leftovers", "/godwit/v1/leftovers" + query);
    if (options.json) {
      options.output().json(answer);
      return unseen(answer).isEmpty() ? ExitCodes.DONE : ExitCodes.FAILED;
    }
    List<JsonNode> leftovers = Doc.list(answer, "leftovers");
    for (JsonNode leftover : leftovers) {
      options.output().line(words(leftover));
      options
          .output()
          .line(
              leftover.path("removable").booleanValue()
                  ? "  To do: godwit leftovers --remove"
                  : "  To do: " + Doc.text(leftover, "remedy"));
    }
    if (leftovers.isEmpty()) {
      options.output().line("Nothing is left.");
    }
    return told(answer);
  }

  private int removed() {
    ObjectNode body = Api.object();
    host.ifPresent(name -> body.put("host", name));
    JsonNode answer = options.api().post("remove leftovers", "/godwit/v1/leftovers/remove", body);
    List<JsonNode> outcomes = Doc.list(answer, "outcomes");
    boolean all = outcomes.stream().allMatch(it -> it.path("removed").booleanValue());
    if (options.json) {
      options.output().json(answer);
      return all && unseen(answer).isEmpty() ? ExitCodes.DONE : ExitCodes.FAILED;
    }
    for (JsonNode outcome : outcomes) {
      options
          .output()
          .line(
              outcome.path("removed").booleanValue()
                  ? "Removed: " + words(outcome)
                  : "Kept: %s%n  Why: %s".formatted(words(outcome), Doc.text(outcome, "kept")));
    }
    if (outcomes.isEmpty()) {
      options.output().line("Nothing was found that is proven to be of no use.");
    }
    if (answer.path("more").booleanValue()) {
      options.output().line("There is more; ask again.");
    }
    int told = told(answer);
    return all ? told : ExitCodes.FAILED;
  }

  private static String words(JsonNode leftover) {
    return "%s: %s %s: %s; %s"
        .formatted(
            Doc.text(leftover, "host"),
            Doc.text(leftover, "kind"),
            Doc.text(leftover, "name"),
            Doc.text(leftover, "seen"),
            Doc.text(leftover, "reason"));
  }

  private static List<JsonNode> unseen(JsonNode answer) {
    return Doc.list(answer, "unseen");
  }

  /** A host that does not answer may hold anything: that is no success. */
  private int told(JsonNode answer) {
    unseen(answer)
        .forEach(it ->
            options
                .output()
                .line(
                    "%s was not looked at: %s"
                        .formatted(Doc.text(it, "host"), Doc.text(it, "why"))));
    return unseen(answer).isEmpty() ? ExitCodes.DONE : ExitCodes.FAILED;
  }
}

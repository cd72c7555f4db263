package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.Sample;
import dev.godwit.cli.client.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A migration as Godwit's own API shows it. */
record Migration(JsonNode json) {
  private static final Set<String> ENDS = Set.of("COMPLETED", "CANCELLED", "FAILED");
  private static final Set<String> AFTER_THE_COPY = Set.of("SETTLING", "ROLLING_BACK");

  /** Those of one guest, newest first. */
  static List<Migration> ofInstance(Api api, String instance) {
    return Doc.list(
            api.get("list the guest's migrations", "/godwit/v1/migrations?instance=" + instance),
            "migrations")
        .stream()
        .map(Migration::new)
        .sorted(Comparator.comparingLong(Migration::number).reversed())
        .toList();
  }

  /** The one with this number or UUID, with its journal. */
  static Migration find(Api api, String reference) {
    if (!reference.matches("\\d{1,18}|[0-9a-fA-F-]{36}")) {
      throw new CommandFailure(
          ExitCodes.NOT_FOUND,
          "There is no migration '" + reference + "'.",
          "a migration is named by its number or its UUID",
          "See 'godwit migration list'.");
    }
    return new Migration(
        api.get("show migration " + reference, "/godwit/v1/migrations/" + reference));
  }

  String id() {
    return Doc.text(json, "id");
  }

  long number() {
    return json.path("number").longValue();
  }

  String instance() {
    return Doc.text(json, "instance");
  }

  /** The guest's name, its UUID when it has none. */
  String guest() {
    return Doc.maybe(json, "instance_name").orElse(instance());
  }

  String source() {
    return Doc.text(json, "source");
  }

  Optional<String> destination() {
    return Doc.maybe(json, "destination");
  }

  String phase() {
    return Doc.text(json, "phase");
  }

  Optional<String> why() {
    return Doc.maybe(json, "why");
  }

  boolean alarm() {
    return json.path("alarm").booleanValue();
  }

  /** What a person can do about an alarm, in a sentence or two. */
  String toDo() {
    if (namesAWayOut()) {
      return "what it says; 'godwit migration show %d' tells the whole story.".formatted(number());
    }
    return "see with 'virsh domstate --reason %s' on %s%s how the guest is there, and that they are up ('godwit host list'); start or destroy nothing by hand while more than one host may hold it. Godwit looks again by itself and goes on when it can; 'godwit migration show %d' tells the whole story."
        .formatted(
            instance(), source(), destination().map(host -> " and " + host).orElse(""), number());
  }

  private boolean namesAWayOut() {
    JsonNode wayOut = json.path("way_out");
    return Stream.of("end", "home", "resume").anyMatch(way -> !wayOut.path(way).isEmpty());
  }

  boolean ended() {
    return ENDS.contains(phase());
  }

  /** Nothing is copied any more: a reading that comes now is of the past. */
  boolean copyOver() {
    return ended() || AFTER_THE_COPY.contains(phase());
  }

  boolean completed() {
    return phase().equals("COMPLETED");
  }

  Optional<Sample> sample() {
    return json.path("sample").isObject()
        ? Optional.of(new Sample(json.path("sample")))
        : Optional.empty();
  }

  /** From being accepted to its end. */
  Optional<Duration> took() {
    try {
      Optional<Instant> began = Doc.maybe(json, "accepted_at").map(Instant::parse);
      Optional<Instant> ended = Doc.maybe(json, "ended_at").map(Instant::parse);
      return began.flatMap(from -> ended.map(to -> Duration.between(from, to)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Phase, step and reason: one line. */
  String line() {
    return phase()
        + Doc.maybe(json, "step").map(step -> " (" + step + ")").orElse("")
        + why().map(why -> ": " + why).orElse("");
  }

  /** How it ended, in a sentence or two. */
  String outcome() {
    String time = took().map(took -> " in " + Units.time(took)).orElse("");
    if (!completed()) {
      return "%s did not move from %s: migration %d ended %s%s%s"
          .formatted(
              guest(), source(), number(), phase(), time, why().map(why -> ": " + why).orElse("."));
    }
    return "%s moved from %s to %s%s.%s"
        .formatted(guest(), source(), destination().orElse("-"), time, cost());
  }

  /** A failure that ends the command with the reasons it was given. */
  CommandFailure failure() {
    List<Check> refusals = Check.all(json, "refusals");
    String reasons = String.join("; ", refusals.stream().map(Check::reason).toList());
    String remedies =
        String.join(
            "; ",
            refusals.stream().map(Check::remedy).filter(r -> !r.equals("-")).distinct().toList());
    return new CommandFailure(
        ExitCodes.FAILED,
        "%s stays on %s: migration %d ended %s.".formatted(guest(), source(), number(), phase()),
        String.join("; ", why().map(List::of).orElse(List.of()))
            + (reasons.isEmpty() ? "" : " [" + reasons + "]"),
        remedies.isEmpty()
            ? "'godwit migration show " + number() + "' tells the whole story."
            : remedies);
  }

  private String cost() {
    // An agent that was killed in the copy has no figures of its end.
    return sample()
        .filter(sample -> sample.processedBytes() > 0)
        .map(sample ->
            sample
                    .pause()
                    .map(pause -> " The guest paused for " + Units.time(pause) + ";")
                    .orElse("")
                + " "
                + Units.bytes(sample.processedBytes())
                + " copied.")
        .orElse(" What was copied was not measured to its end.");
  }
}

package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A guest's situation in prose: documents in, sentences out. */
record Explanation(
    JsonNode server,
    Optional<JsonNode> host,
    Optional<String> runsElsewhere,
    Optional<Migration> newest,
    Optional<Plan> plan) {
  private static final int OBSERVATIONS = 3;

  List<String> lines() {
    List<String> lines = new ArrayList<>(place());
    newest.ifPresentOrElse(
        migration -> lines.addAll(migration.ended() ? ended(migration) : moving(migration)),
        () -> lines.add("It has never been moved by Godwit."));
    if (newest.filter(migration -> !migration.ended()).isEmpty()) {
      lines.add("It waits for nothing: no move of it is under way.");
    }
    plan.ifPresent(asked -> lines.addAll(choices(asked)));
    return lines;
  }

  private List<String> place() {
    List<String> lines = new ArrayList<>();
    String name = Doc.text(server, "name");
    String status = Doc.text(server, "status");
    lines.add(
        "%s (%s) is %s on %s%s."
            .formatted(
                name,
                Doc.text(server, "id"),
                status,
                Guests.host(server),
                Doc.maybe(server, "OS-EXT-STS:task_state")
                    .map(task -> ", task " + task)
                    .orElse("")));
    Doc.maybe(server.path("fault"), "message").ifPresent(fault -> lines.add("Fault: " + fault));
    if (runsElsewhere.isPresent()) {
      lines.add(moved(runsElsewhere.get()));
    } else if (status.equals("SHUTOFF")) {
      lines.add(
          "It does not run, so it cannot be moved live; start it with 'godwit vm start "
              + name
              + "'.");
    }
    host.filter(one -> !one.path("up").booleanValue()).ifPresent(one -> lines.add(silent()));
    return lines;
  }

  private String moved(String where) {
    return "ALARM: it runs on %s, and its record says %s: somebody moved it behind Godwit's back. To do: 'godwit vm adopt --host %s %s' takes it over where it is; until then it is neither started, stopped nor deleted."
        .formatted(where, Guests.host(server), where, Doc.text(server, "id"));
  }

  private String silent() {
    return "ALARM: its host's agent has not been heard from, so what is said here is the last that was known. To do: see that %s is on and that 'godwit agent' runs there; 'godwit host list' shows when it is back."
        .formatted(Guests.host(server));
  }

  private static List<String> ended(Migration migration) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Its last move, migration %d, ended at %s."
            .formatted(migration.number(), Doc.text(migration.json(), "ended_at")));
    lines.add(migration.outcome());
    lines.addAll(alarm(migration));
    Check.all(migration.json(), "refusals").forEach(check -> lines.add("  - " + check.sentence()));
    return lines;
  }

  private static List<String> moving(Migration migration) {
    JsonNode json = migration.json();
    List<String> lines = new ArrayList<>();
    String since =
        Doc.list(json, "journal").stream()
            .reduce((first, second) -> second)
            .map(last -> ", since " + Doc.text(last, "at"))
            .orElse("");
    lines.add(
        "Migration %d moves it from %s to %s: it is %s%s%s."
            .formatted(
                migration.number(),
                migration.source(),
                migration.destination().orElse("a host still to be chosen"),
                migration.phase(),
                Doc.maybe(json, "step").map(step -> " at step " + step).orElse(""),
                since));
    migration.why().ifPresent(why -> lines.add("It waits because: " + why));
    lines.addAll(alarm(migration));
    migration.sample().ifPresent(sample -> lines.addAll(copy(migration, sample)));
    if (json.path("wishes").path("abort").booleanValue()) {
      lines.add("An abort was asked for.");
    }
    if (json.path("wishes").path("force_complete").booleanValue()) {
      lines.add("It was asked to complete by force.");
    }
    Doc.maybe(json.path("ruling"), "home")
        .ifPresent(home ->
            lines.add(
                "%s said that the guest lives on %s: %s"
                    .formatted(
                        Doc.text(json.path("ruling"), "by"),
                        home,
                        Doc.text(json.path("ruling"), "reason"))));
    lines.addAll(seen(json));
    return lines;
  }

  /** The latest looks at the hosts, in the server's sentences; its records are for programs. */
  private static List<String> seen(JsonNode json) {
    List<String> looks = new ArrayList<>();
    for (JsonNode one : Doc.list(json, "observations")) {
      Doc.maybe(one, "sentence")
          .ifPresent(sentence ->
              looks.add(
                  "  seen on %s at %s: %s"
                      .formatted(Doc.text(one, "host"), Doc.text(one, "at"), sentence)));
    }
    return looks.subList(Math.max(0, looks.size() - OBSERVATIONS), looks.size());
  }

  private static List<String> alarm(Migration migration) {
    return migration.alarm()
        ? List.of(
            "ALARM: this move needs a person%s. To do: %s"
                .formatted(migration.why().map(why -> ": " + why).orElse(""), migration.toDo()))
        : List.of();
  }

  private static List<String> copy(Migration migration, Sample sample) {
    List<String> lines = new ArrayList<>();
    lines.add("The copy: " + sample.line() + ".");
    sample.disks().forEach(disk -> lines.add("  disk " + disk.target() + ": " + disk.line()));
    boolean losing =
        sample.iteration() > 1
            && !sample.postCopy()
            && sample.dirtyBytesPerSecond() >= sample.bytesPerSecond();
    if (losing) {
      lines.add(
          "The guest writes its memory faster than it is copied, so the copy alone will not end;"
              + " 'godwit migration force-complete "
              + migration.number()
              + "' ends it now, at the price of a pause.");
    }
    return lines;
  }

  private static List<String> choices(Plan plan) {
    List<String> lines = new ArrayList<>();
    boolean guestMayMove = plan.guestRefusals().isEmpty();
    if (!guestMayMove) {
      lines.add("The guest itself cannot be moved now:");
      plan.guestRefusals().forEach(check -> lines.add("  - " + check.sentence()));
    } else if (plan.suitable().isEmpty()) {
      lines.add("No host could take it.");
    }
    for (JsonNode host : plan.suitable()) {
      lines.add(
          "%s could take it (hand-over %s, disks: %s)."
              .formatted(Doc.text(host, "host"), Doc.text(host, "hand_over"), Plan.disks(host)));
    }
    for (JsonNode host : plan.unsuitable()) {
      List<Check> against = Check.failed(host, "checks");
      String name = Doc.text(host, "host");
      if (against.isEmpty()) {
        lines.add(
            guestMayMove
                ? name + " could not take it; the server says no more about it."
                : "Of " + name + " itself nothing speaks against it.");
      } else {
        lines.add(name + " could not take it:");
        against.forEach(check -> lines.add("  - " + check.sentence()));
      }
    }
    return lines;
  }
}

package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A dry run: for every host whether it could take the guest, and why not. */
record Plan(JsonNode json) {

  static Plan ask(Api api, JsonNode server, Optional<String> destination, BlockMigration block) {
    var body = Api.object().put("instance", Doc.text(server, "id"));
    body.put("destination", destination.orElse(null));
    body.set("block_migration", block.json());
    return new Plan(
        api.post("plan a move of " + Doc.text(server, "name"), "/godwit/v1/plans", body));
  }

  List<Check> guestRefusals() {
    return Check.failed(json, "guest");
  }

  List<JsonNode> suitable() {
    return Doc.list(json, "hosts").stream()
        .filter(host -> host.path("suitable").booleanValue())
        .toList();
  }

  List<JsonNode> unsuitable() {
    return Doc.list(json, "hosts").stream()
        .filter(host -> !host.path("suitable").booleanValue())
        .toList();
  }

  boolean possible() {
    return guestRefusals().isEmpty() && !suitable().isEmpty();
  }

  /** A table of the hosts, and below it every reason against. */
  List<String> report() {
    Table table = new Table("HOST", "SUITABLE", "HAND-OVER", "DISKS", "WHY NOT");
    for (JsonNode host : Doc.list(json, "hosts")) {
      table.row(
          Doc.text(host, "host"),
          Doc.yesNo(host.path("suitable").booleanValue()),
          Doc.text(host, "hand_over"),
          disks(host),
          String.join(", ", Check.failed(host, "checks").stream().map(Check::code).toList()));
    }
    List<String> lines = new ArrayList<>(table.lines());
    for (Check check : guestRefusals()) {
      lines.add("the guest: " + check.sentence());
    }
    for (Check check : Check.warnings(json, "guest")) {
      lines.add("know that: " + check.sentence());
    }
    for (JsonNode host : unsuitable()) {
      for (Check check : Check.failed(host, "checks")) {
        lines.add(Doc.text(host, "host") + ": " + check.sentence());
      }
    }
    return lines;
  }

  static String disks(JsonNode document) {
    List<String> disks =
        Doc.list(document, "disks").stream()
            .map(disk -> Doc.text(disk, "target") + " " + Doc.text(disk, "mode"))
            .toList();
    return disks.isEmpty() ? "none" : String.join(", ", disks);
  }
}

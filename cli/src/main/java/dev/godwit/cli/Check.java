package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Predicate;

/** One check of a plan, or one refusal of a migration: what was expected, found, and what to do. */
record Check(String code, String subject, String expected, String found, String remedy) {

  static Check of(JsonNode json) {
    return new Check(
        Doc.text(json, "code"),
        Doc.text(json, "subject"),
        Doc.text(json, "expected"),
        Doc.text(json, "found"),
        Doc.text(json, "remedy"));
  }

  static List<Check> all(JsonNode document, String field) {
    return Doc.list(document, field).stream().map(Check::of).toList();
  }

  /** Those of a plan's checks that did not pass. */
  static List<Check> failed(JsonNode document, String field) {
    return such(document, field, check -> !check.path("passed").booleanValue());
  }

  /** Those of a plan's checks that passed, but with something to know. */
  static List<Check> warnings(JsonNode document, String field) {
    return such(document, field, check -> check.path("warning").booleanValue());
  }

  private static List<Check> such(JsonNode document, String field, Predicate<JsonNode> wanted) {
    return Doc.list(document, field).stream().filter(wanted).map(Check::of).toList();
  }

  /** Why, without what to do. */
  String reason() {
    return "%s (%s): expected %s, found %s".formatted(code, subject, expected, found);
  }

  /** Why, and what to do. */
  String sentence() {
    return reason() + (remedy.equals("-") ? "." : ". To do: " + remedy);
  }
}

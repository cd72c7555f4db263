package dev.godwit.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.TreeSet;

/** What a case of a contract document expects of an answer. */
final class Expected {
  private final JsonNode wanted;
  private final Variables variables;

  Expected(JsonNode wanted, Variables variables) {
    this.wanted = wanted;
    this.variables = variables;
  }

  void check(Client.Answer answer) {
    for (String part : List.of("has", "keys", "sends", "capture")) {
      assertThat(wanted.path(part).isMissingNode() || wanted.path(part).isObject())
          .as("%s of '%s' is an object", part, wanted.path("name").asText())
          .isTrue();
    }
    String shown = answer.status() + " " + answer.body();
    assertThat(answer.header("X-Openstack-Request-Id")).as("request id").isPresent();
    assertThat(answer.header("X-Compute-Request-Id"))
        .isEqualTo(answer.header("X-Openstack-Request-Id"));
    assertThat(answer.status()).as(shown).isEqualTo(wanted.path("status").asInt(200));
    if (wanted.has("answer")) {
      assertThat(answer.json()).as(shown).isEqualTo(variables.in(wanted.path("answer")));
    }
    if (wanted.has("text")) {
      String expected = variables.in(wanted.path("text").asText());
      assertThat(answer.body()).matches(it -> matches(expected, it), "is " + expected);
    }
    for (var part : wanted.path("has").properties()) {
      value(part.getKey(), variables.in(part.getValue()), answer.json().at(part.getKey()), shown);
    }
    for (var part : wanted.path("keys").properties()) {
      TreeSet<String> keys = new TreeSet<>();
      answer.json().at(part.getKey()).fieldNames().forEachRemaining(keys::add);
      assertThat(String.join(" ", keys))
          .as(part.getKey() + " " + shown)
          .isEqualTo(keys(part.getValue()));
    }
    for (JsonNode pointer : wanted.path("none")) {
      assertThat(answer.json().at(pointer.asText()).isMissingNode())
          .as("%s is not in %s", pointer, shown)
          .isTrue();
    }
    for (var header : wanted.path("sends").properties()) {
      String expected = variables.in(header.getValue().asText());
      assertThat(String.join(" | ", answer.headers().allValues(header.getKey())))
          .as(header.getKey())
          .matches(it -> matches(expected, it), "is " + expected);
    }
    for (var part : wanted.path("capture").properties()) {
      String from = part.getValue().asText();
      variables.put(
          part.getKey(),
          from.startsWith("/")
              ? answer.text(from)
              : answer.header(from).orElseThrow(() -> new AssertionError("no header " + from)));
    }
  }

  /** Words, the sets of which may be written as several lines. */
  private static String keys(JsonNode words) {
    TreeSet<String> keys = new TreeSet<>();
    if (words.isArray()) {
      words.forEach(line -> keys.addAll(List.of(line.asText().strip().split("\\s+"))));
    } else {
      keys.addAll(List.of(words.asText().strip().split("\\s+")));
    }
    return String.join(" ", keys);
  }

  /** A text that begins with ~ is a pattern for the whole. */
  private static void value(String pointer, JsonNode expected, JsonNode found, String shown) {
    if (expected.isTextual() && expected.asText().startsWith("~")) {
      assertThat(found.isMissingNode()).as(pointer + " in " + shown).isFalse();
      assertThat(found.asText()).as(pointer).matches("(?s)" + expected.asText().substring(1));
    } else {
      assertThat(found.toString()).as(pointer + " in " + shown).isEqualTo(expected.toString());
    }
  }

  private static boolean matches(String expected, String found) {
    return expected.startsWith("~")
        ? found.matches("(?s)" + expected.substring(1))
        : found.equals(expected);
  }
}

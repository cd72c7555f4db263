package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.server.api.view.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** limit and marker, as everywhere in the Compute API. */
final class Paging {
  static final int MOST = 1000;

  private Paging() {}

  /** The page of the list that is asked for. */
  static <T> List<T> page(Call call, List<T> all, Function<T, String> id) {
    int from = 0;
    if (call.query("marker").isPresent()) {
      String marker = call.query("marker").orElseThrow();
      List<String> ids = all.stream().map(id).toList();
      from = ids.indexOf(marker) + 1;
      if (from == 0) {
        throw unknownMarker(marker);
      }
    }
    return all.subList(from, Math.min(all.size(), from + limit(call)));
  }

  /** How many are asked for at most. */
  static int limit(Call call) {
    String text = call.query("limit").orElse(Integer.toString(MOST));
    if (!text.matches("\\d{1,9}")) {
      throw Fault.badRequest(
          "Invalid input for query parameters limit. Value: %s. '%s' does not match '^[0-9]*$'"
              .formatted(Body.shown(text), Body.shown(text)));
    }
    return Math.min(MOST, Integer.parseInt(text));
  }

  static Fault unknownMarker(String marker) {
    return Fault.badRequest("marker [%s] not found".formatted(Body.shown(marker)));
  }

  /** The link to the next page of the same question, whenever this page is full. */
  static <T> void next(
      Call call, ObjectNode body, String key, String path, List<T> page, Function<T, String> id) {
    if (page.isEmpty() || page.size() < limit(call)) {
      return;
    }
    Map<String, List<String>> query = new TreeMap<>(call.query());
    query.put("marker", List.of(id.apply(page.getLast())));
    String text =
        query.entrySet().stream()
            .flatMap(entry ->
                entry.getValue().stream().map(it -> encoded(entry.getKey()) + "=" + encoded(it)))
            .collect(Collectors.joining("&"));
    body.putArray(key).add(Json.link("next", call.self(path) + "?" + text));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

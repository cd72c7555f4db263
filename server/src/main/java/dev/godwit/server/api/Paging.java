package dev.godwit.server.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.server.api.view.Json;
import java.util.List;
import java.util.function.Function;

/** limit and marker, as everywhere in the Compute API. */
final class Paging {
  private static final int MOST = 1000;

  private Paging() {}

  /** The page of the list that is asked for. */
  static <T> List<T> page(Call call, List<T> all, Function<T, String> id) {
    int from = 0;
    if (call.query("marker").isPresent()) {
      String marker = call.query("marker").orElseThrow();
      List<String> ids = all.stream().map(id).toList();
      from = ids.indexOf(marker) + 1;
      if (from == 0) {
        throw Fault.badRequest("marker [%s] not found".formatted(marker));
      }
    }
    return all.subList(from, Math.min(all.size(), from + limit(call)));
  }

  private static int limit(Call call) {
    String text = call.query("limit").orElse(Integer.toString(MOST));
    if (!text.matches("\\d{1,9}")) {
      throw Fault.badRequest(
          "Invalid input for query parameters limit. Value: %s. '%s' does not match '^[0-9]*$'"
              .formatted(text, text));
    }
    return Math.min(MOST, Integer.parseInt(text));
  }

  /** The link to the next page, whenever this one is full. */
  static <T> void next(
      Call call, ObjectNode body, String key, String path, List<T> page, Function<T, String> id) {
    if (!page.isEmpty() && call.query("limit").isPresent() && page.size() == limit(call)) {
      body.putArray(key + "_links")
          .add(
              Json.link(
                  "next",
                  call.self(path)
                      + "?limit="
                      + limit(call)
                      + "&marker="
                      + id.apply(page.getLast())));
    }
  }
}

package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A kind of thing that the API offers for new guests, named by its ID or its name. */
enum Offer {
  IMAGE("image", "/image/v2/images", "images"),
  FLAVOR("flavor", "/v2.1/flavors", "flavors");

  private final String word;
  private final String path;
  private final String field;

  Offer(String word, String path, String field) {
    this.word = word;
    this.path = path;
    this.field = field;
  }

  /** The ID that a reference means; refused with what there is when it means nothing. */
  String id(Api api, String reference) {
    List<JsonNode> all = Doc.list(api.get("look up " + word + " " + reference, path), field);
    return all.stream()
        .filter(it -> Doc.text(it, "id").equals(reference))
        .findFirst()
        .or(() -> all.stream().filter(it -> Doc.text(it, "name").equals(reference)).findFirst())
        .map(it -> Doc.text(it, "id"))
        .orElseThrow(() ->
            new CommandFailure(
                ExitCodes.NOT_FOUND,
                "There is no " + word + " '" + reference + "'.",
                "the API offers "
                    + (all.isEmpty()
                        ? "none"
                        : String.join(", ", all.stream().map(it -> Doc.text(it, "name")).toList())),
                "Name one of these, or add one to the server's configuration."));
  }
}

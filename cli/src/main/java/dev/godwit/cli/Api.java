package dev.godwit.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.client.ApiClient;
import dev.godwit.cli.client.ApiFailure;
import dev.godwit.cli.client.EventStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The APIs, for people: each call is given what it is for ("stop vm1"), so that its failure, always
 * a {@link CommandFailure}, can say so.
 */
final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ERROR_LIMIT_CHARACTERS = 500;

  private final List<URI> roots;
  private final ApiClient client;

  Api(List<URI> roots, String token, Duration timeout) {
    this.roots = roots;
    this.client = new ApiClient(roots, token, timeout);
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  JsonNode get(String task, String path) {
    return told(task, () -> client.get(path));
  }

  JsonNode post(String task, String path, JsonNode body) {
    return told(task, () -> client.post(path, body));
  }

  JsonNode put(String task, String path, JsonNode body) {
    return told(task, () -> client.put(path, body));
  }

  void delete(String task, String path) {
    JsonNode ignored =
        told(
            task,
            () -> {
              client.delete(path);
              return object();
            });
  }

  /** Opens a stream of server-sent events. */
  EventStream events(String task, String path) {
    return told(task, () -> client.events(path));
  }

  private <T> T told(String task, Supplier<T> call) {
    try {
      return call.get();
    } catch (ApiFailure e) {
      throw e.status() == 0 ? unreachable(task, e.text()) : refused(task, e.status(), e.text());
    }
  }

  private CommandFailure unreachable(String task, String why) {
    return new CommandFailure(
        ExitCodes.UNREACHABLE,
        "Could not %s: the API at %s cannot be reached."
            .formatted(task, String.join(" or ", roots.stream().map(URI::toString).toList())),
        why,
        "Check that the server runs and that --url or $GODWIT_URL names it.");
  }

  private static CommandFailure refused(String task, int status, String body) {
    String what = "Could not " + task + ".";
    String why = message(status, body);
    return switch (status) {
      case 401 ->
          new CommandFailure(
              ExitCodes.UNAUTHORIZED,
              what,
              "The API does not know the token (" + why + ").",
              "Name the file of a valid token with --token-file or in $GODWIT_TOKEN_FILE.");
      case 403 ->
          new CommandFailure(
              ExitCodes.UNAUTHORIZED,
              what,
              "The token is not allowed to do this (" + why + ").",
              "Use the token of an administrator.");
      case 404 ->
          new CommandFailure(
              ExitCodes.NOT_FOUND,
              what,
              why,
              "See what there is: 'godwit vm list', 'godwit host list', 'godwit migration list'.");
      case 409 ->
          new CommandFailure(
              ExitCodes.CONFLICT,
              what,
              why,
              "See what is under way with 'godwit explain VM', wait for its end, try again.");
      default ->
          new CommandFailure(
              ExitCodes.FAILED,
              what,
              why,
              status >= 500
                  ? "The server's log says more."
                  : "Change what the reason names; 'godwit explain VM' says more about a guest.");
    };
  }

  /** Compute's faults are one key that names the fault, with the message inside. */
  private static String message(int status, String body) {
    try {
      for (JsonNode fault : JSON.readTree(body)) {
        if (fault.path("message").isTextual()) {
          return fault.path("message").textValue();
        }
      }
    } catch (JsonProcessingException e) {
      // Not JSON: then the text itself is all there is to show.
    }
    String text = body.length() > ERROR_LIMIT_CHARACTERS ? "(a long text)" : body.strip();
    return "HTTP status " + status + (text.isEmpty() ? "" : ": " + text);
  }
}

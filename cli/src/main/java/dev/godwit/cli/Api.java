package dev.godwit.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Both APIs: Compute at microversion 2.80, and Godwit's own. Every call has a deadline and a limit
 * on the size of its answer, and fails only with {@link CommandFailure}. Each call is given what it
 * is for ("stop vm1"), so that its failure can say so.
 */
final class Api {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long ANSWER_LIMIT_BYTES = 64L * 1024 * 1024;
  private static final int ERROR_LIMIT_CHARACTERS = 500;

  private final HttpClient http;
  private final URI root;
  private final String token;
  private final Duration timeout;

  Api(URI root, String token, Duration timeout) {
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
    this.root = root;
    this.token = token;
    this.timeout = timeout;
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  JsonNode get(String task, String path) {
    return call(task, request(path).GET().build());
  }

  JsonNode post(String task, String path, JsonNode body) {
    return call(task, request(path).POST(BodyPublishers.ofString(body.toString())).build());
  }

  JsonNode put(String task, String path, JsonNode body) {
    return call(task, request(path).PUT(BodyPublishers.ofString(body.toString())).build());
  }

  void delete(String task, String path) {
    JsonNode ignored = call(task, request(path).DELETE().build());
  }

  /** Opens a stream of server-sent events. */
  EventStream events(String task, String path) {
    HttpRequest request = request(path).header("Accept", "text/event-stream").GET().build();
    HttpResponse<InputStream> response = send(task, request, BodyHandlers.ofInputStream());
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (response.statusCode() == 200 && type.startsWith("text/event-stream")) {
      return new EventStream(response.body());
    }
    try (InputStream body = response.body()) {
      throw refused(
          task, response.statusCode(), new String(body.readNBytes(4096), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unreachable(task, "the answer broke off: " + e.getMessage());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(root + path))
        .timeout(timeout)
        .header("X-Auth-Token", token)
        .header("OpenStack-API-Version", "compute 2.80")
        .header("Content-Type", "application/json");
  }

  private JsonNode call(String task, HttpRequest request) {
    HttpResponse<String> response =
        send(task, request, BodyHandlers.limiting(BodyHandlers.ofString(), ANSWER_LIMIT_BYTES));
    if (response.statusCode() / 100 != 2) {
      throw refused(task, response.statusCode(), response.body());
    }
    if (response.body().isBlank()) {
      return object();
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw unreachable(task, "what answers there does not answer in JSON");
    }
  }

  private <T> HttpResponse<T> send(String task, HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (HttpTimeoutException e) {
      throw unreachable(task, "no answer within " + Units.time(timeout));
    } catch (ConnectException e) {
      throw unreachable(task, "nothing answers at this address");
    } catch (IOException e) {
      throw unreachable(task, "the connection failed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(task, "the command was interrupted");
    }
  }

  private CommandFailure unreachable(String task, String why) {
    return new CommandFailure(
        ExitCodes.UNREACHABLE,
        "Could not " + task + ": the API at " + root + " cannot be reached.",
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

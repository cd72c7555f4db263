package dev.godwit.lab.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The two APIs as a user's program calls them: Compute at microversion 2.80, and Godwit's own. */
public final class ApiClient {
  private static final Duration CALL = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final ObjectMapper json = new ObjectMapper();
  private final URI root;
  private final String token;

  /**
   * @param root the API's address, for example http://127.0.0.1:8774
   */
  public ApiClient(URI root, String token) {
    this.root = root;
    this.token = token;
  }

  /** GET; {@link ApiFailure} unless the answer is 2xx. */
  public JsonNode get(String path) {
    return send(request(path).GET().build());
  }

  /** POST of a JSON body; {@link ApiFailure} unless the answer is 2xx. */
  public JsonNode post(String path, JsonNode body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** PUT of a JSON body; {@link ApiFailure} unless the answer is 2xx. */
  public JsonNode put(String path, JsonNode body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** DELETE; {@link ApiFailure} unless the answer is 2xx. */
  public void delete(String path) {
    send(request(path).DELETE().build());
  }

  /** GET of a stream of server-sent events. */
  ServerEvents events(String path) {
    HttpRequest request = request(path).header("Accept", "text/event-stream").GET().build();
    HttpResponse<InputStream> response = answer(request, BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new ApiFailure("GET " + path, response.statusCode(), "no stream of events");
    }
    return new ServerEvents(response.body());
  }

  /** An empty JSON object to be filled. */
  public ObjectNode object() {
    return json.createObjectNode();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(root.resolve(path))
        .timeout(CALL)
        .header("X-Auth-Token", token)
        .header("OpenStack-API-Version", "compute 2.80");
  }

  private JsonNode send(HttpRequest request) {
    HttpResponse<String> response = answer(request, BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new ApiFailure(call(request), response.statusCode(), response.body());
    }
    try {
      return response.body().isEmpty() ? json.createObjectNode() : json.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new ApiFailure(call(request), response.statusCode(), e.getOriginalMessage());
    }
  }

  private <T> HttpResponse<T> answer(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new ApiFailure(call(request), 0, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiFailure(call(request), 0, "interrupted");
    }
  }

  private static String call(HttpRequest request) {
    return request.method() + " " + request.uri().getPath();
  }

  /** An answer that is not 2xx, or none at all (status 0). */
  public static final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    ApiFailure(String call, int status, String body) {
      super(call + " answered " + status + ": " + body);
      this.status = status;
    }

    /** HTTP status, 0 when there was no answer. */
    public int status() {
      return status;
    }
  }
}

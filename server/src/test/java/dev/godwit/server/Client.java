package dev.godwit.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A client of the API with a token and a microversion of its own. */
public final class Client {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String root;
  private final Map<String, String> headers;

  /** An answer; its JSON is missing when its body is none. */
  public record Answer(int status, HttpHeaders headers, String body) {
    public JsonNode json() {
      try {
        return body.isBlank() ? MissingNode.getInstance() : JSON.readTree(body);
      } catch (JsonProcessingException e) {
        return MissingNode.getInstance();
      }
    }

    public String text(String pointer) {
      return json().at(pointer).asText();
    }

    public Optional<String> header(String name) {
      return headers.firstValue(name);
    }
  }

  private Client(String root, Map<String, String> headers) {
    this.root = root;
    this.headers = Map.copyOf(headers);
  }

  static Client of(String root) {
    return new Client(root, Map.of());
  }

  public Client with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Client(root, more);
  }

  public Client at(String microversion) {
    return with("X-OpenStack-Nova-API-Version", microversion);
  }

  public Client token(String token) {
    return with("X-Auth-Token", token);
  }

  public Answer get(String path) {
    return send("GET", path, Optional.empty());
  }

  public Answer delete(String path) {
    return send("DELETE", path, Optional.empty());
  }

  public Answer post(String path, String json) {
    return send("POST", path, Optional.of(json.replace('\'', '"')));
  }

  public Answer put(String path, String json) {
    return send("PUT", path, Optional.of(json.replace('\'', '"')));
  }

  /** Sends a body as it is. */
  public Answer send(String method, String path, Optional<String> body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root + path))
            .timeout(DEADLINE)
            .method(
                method,
                body.map(HttpRequest.BodyPublishers::ofString)
                    .orElseGet(HttpRequest.BodyPublishers::noBody));
    if (body.isPresent() && !headers.containsKey("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    headers.forEach(request::header);
    try {
      HttpResponse<String> reply = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(reply.statusCode(), reply.headers(), reply.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + ": no answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}

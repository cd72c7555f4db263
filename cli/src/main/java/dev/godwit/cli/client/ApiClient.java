package dev.godwit.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Both APIs: Compute at microversion 2.80, and Godwit's own. Every call has a deadline and a limit
 * on the size of its answer, and fails only with {@link ApiFailure}: unless the answer is 2xx.
 */
public final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long ANSWER_LIMIT_BYTES = 64L * 1024 * 1024;
  private static final int ERROR_LIMIT_BYTES = 4096;

  /** For so long a server that does not even take the connection is waited for. */
  private static final Duration NEXT = Duration.ofSeconds(3);

  private final HttpClient http;
  private final List<URI> roots;
  private final String token;
  private final Duration timeout;

  /**
   * One with the usual deadline of a call, 30 s.
   *
   * @param root the API's address, for example http://127.0.0.1:8774
   */
  public ApiClient(URI root, String token) {
    this(List.of(root), token, Duration.ofSeconds(30));
  }

  /**
   * @param roots the API's addresses, for example http://127.0.0.1:8774, one for each server; the
   *     next is tried when one does not answer
   * @param timeout how long one call may take
   */
  public ApiClient(List<URI> roots, String token, Duration timeout) {
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(roots.size() > 1 && timeout.compareTo(NEXT) > 0 ? NEXT : timeout)
            .build();
    this.roots = List.copyOf(roots);
    this.token = token;
    this.timeout = timeout;
  }

  /** An empty JSON object to be filled. */
  public ObjectNode object() {
    return JSON.createObjectNode();
  }

  public JsonNode get(String path) {
    return call(request(path).GET().build());
  }

  public JsonNode post(String path, JsonNode body) {
    return call(withBody(path).POST(BodyPublishers.ofString(body.toString())).build());
  }

  public JsonNode put(String path, JsonNode body) {
    return call(withBody(path).PUT(BodyPublishers.ofString(body.toString())).build());
  }

  public void delete(String path) {
    JsonNode ignored = call(request(path).DELETE().build());
  }

  /** Opens a stream of server-sent events. */
  public EventStream events(String path) {
    HttpRequest request = request(path).header("Accept", "text/event-stream").GET().build();
    HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (response.statusCode() == 200 && type.startsWith("text/event-stream")) {
      return new EventStream(response.body());
    }
    try (InputStream body = response.body()) {
      throw ApiFailure.answered(
          name(request),
          response.statusCode(),
          new String(body.readNBytes(ERROR_LIMIT_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw ApiFailure.unanswered(name(request), "the answer broke off: " + e.getMessage());
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(roots.getFirst() + path))
        .timeout(timeout)
        .header("X-Auth-Token", token)
        .header("OpenStack-API-Version", "compute 2.80");
  }

  private HttpRequest.Builder withBody(String path) {
    return request(path).header("Content-Type", "application/json");
  }

  private JsonNode call(HttpRequest request) {
    HttpResponse<String> response =
        send(request, BodyHandlers.limiting(BodyHandlers.ofString(), ANSWER_LIMIT_BYTES));
    if (response.statusCode() / 100 != 2) {
      throw ApiFailure.answered(name(request), response.statusCode(), response.body());
    }
    if (response.body().isBlank()) {
      return object();
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw ApiFailure.unanswered(name(request), "what answers there does not answer in JSON");
    }
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    String path = request.uri().toString().substring(roots.getFirst().toString().length());
    for (int i = 0; ; i++) {
      HttpRequest there =
          HttpRequest.newBuilder(request, (name, value) -> true)
              .uri(URI.create(roots.get(i) + path))
              .build();
      try {
        HttpResponse<T> response = once(there, handler);
        if (response.statusCode() != 503 || last(i) || !repeatable(there)) {
          return response;
        }
      } catch (ApiFailure e) {
        // A call that may have been heard is made again only when that changes nothing.
        if (last(i) || !(e.unheard() || repeatable(there))) {
          throw e;
        }
      }
    }
  }

  private boolean last(int i) {
    return i == roots.size() - 1;
  }

  private static boolean repeatable(HttpRequest request) {
    return request.method().equals("GET");
  }

  private <T> HttpResponse<T> once(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (HttpConnectTimeoutException e) {
      throw ApiFailure.unheard(name(request), "nothing answers at this address in time");
    } catch (HttpTimeoutException e) {
      throw ApiFailure.unanswered(name(request), "no answer within " + Units.time(timeout));
    } catch (ConnectException e) {
      throw ApiFailure.unheard(name(request), "nothing answers at this address");
    } catch (IOException e) {
      throw ApiFailure.unanswered(name(request), "the connection failed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiFailure.unanswered(name(request), "the command was interrupted");
    }
  }

  private static String name(HttpRequest request) {
    return request.method() + " " + request.uri().getPath();
  }
}

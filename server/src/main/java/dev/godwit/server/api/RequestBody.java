package dev.godwit.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A request's body: so many bytes of JSON and no more, or a {@link Fault}. */
final class RequestBody {
  static final int MOST_BYTES = 1 << 20;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private RequestBody() {}

  static Optional<JsonNode> of(ServerRequest request) {
    String method = request.prologue().method().text();
    if (method.equals("GET") || method.equals("DELETE") || !request.content().hasEntity()) {
      return Optional.empty();
    }
    String type = request.headers().contentType().map(it -> it.mediaType().text()).orElse("none");
    if (!type.equals("application/json")) {
      throw new Fault(415, "Unsupported Content-Type: expected application/json, found " + type);
    }
    try (InputStream in = request.content().inputStream()) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw Fault.tooLarge(MOST_BYTES);
      }
      JsonNode node = JSON.readTree(bytes);
      if (node == null || node.isMissingNode()) {
        throw Fault.badRequest("Malformed request body");
      }
      return Optional.of(node);
    } catch (JsonProcessingException e) {
      throw Fault.badRequest("Malformed request body");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

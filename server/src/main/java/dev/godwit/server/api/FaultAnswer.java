package dev.godwit.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.server.api.view.Json;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.ServerResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a {@link Fault} looks on the wire. */
final class FaultAnswer {
  private FaultAnswer() {}

  /**
   * Sends it.
   *
   * @param root the address the client used, which is where it can get a token
   */
  static void send(ServerResponse response, Fault fault, String root) {
    response.status(Status.create(fault.status()));
    if (fault.plain()) {
      response.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=UTF-8");
      response.send(fault.text());
      return;
    }
    if (fault.status() == 401) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Keystone uri=\"%s/v3\"".formatted(root));
    }
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.send(json(fault).toString());
  }

  static JsonNode json(Fault fault) {
    ObjectNode told = Json.object().put("code", fault.status());
    if (fault.status() == 401) {
      // Not Nova's shape, but that of Keystone's filter, which stands before it.
      return Json.wrap("error", told.put("title", "Unauthorized").put("message", fault.text()));
    }
    return Json.wrap(fault.key(), told.put("message", fault.text()));
  }

  /** What the web server refuses by itself, before there is a request: in the same format. */
  static DirectHandlers beforeRouting() {
    DirectHandlers.Builder all = DirectHandlers.builder();
    for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
      all.addHandler(event, FaultAnswer::beforeRouting);
    }
    return all.build();
  }

  private static TransportResponse beforeRouting(
      TransportRequest request,
      DirectHandler.EventType event,
      Status status,
      ServerResponseHeaders headers,
      @Nullable String message) {
    boolean tooLarge = status.code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code();
    String why = Objects.requireNonNullElse(message, status.reasonPhrase());
    Fault fault = tooLarge ? Fault.tooLarge(RequestBody.MOST_BYTES) : new Fault(status.code(), why);
    return TransportResponse.builder()
        .status(status)
        .headers(headers)
        .header(HeaderNames.CONTENT_TYPE, "application/json")
        .keepAlive(event.keepAlive())
        .entity(json(fault).toString())
        .build();
  }
}

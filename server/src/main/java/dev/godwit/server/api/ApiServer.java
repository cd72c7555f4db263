package dev.godwit.server.api;

import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.Unreadable;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP: reads requests, asks the router, writes replies. What it means is in the handlers. */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final int MOST_CONCURRENT = 1_000;
  private static final HeaderName REQUEST_ID = HeaderNames.create("X-Openstack-Request-Id");
  private static final HeaderName COMPUTE_REQUEST_ID = HeaderNames.create("X-Compute-Request-Id");
  private static final HeaderName VERSION = HeaderNames.create("OpenStack-API-Version");
  private static final HeaderName LEGACY_VERSION =
      HeaderNames.create("X-OpenStack-Nova-API-Version");
  private static final HeaderName TOKEN = HeaderNames.create("X-Auth-Token");
  private static final HeaderName SUBJECT_TOKEN = HeaderNames.create("X-Subject-Token");

  private final Answers answers;
  private final GodwitApi godwit;
  private final EventsApi events;
  private final WebServer web;

  ApiServer(InetSocketAddress address, Answers answers, GodwitApi godwit, EventsApi events) {
    this.answers = answers;
    this.godwit = godwit;
    this.events = events;
    this.web =
        WebServer.builder()
            .host(address.getHostString())
            .port(address.getPort())
            .maxConcurrentRequests(MOST_CONCURRENT)
            .maxPayloadSize(RequestBody.MOST_BYTES * 4L)
            .directHandlers(FaultAnswer.beforeRouting())
            .connectionOptions(options -> options.tcpNoDelay(true))
            .shutdownHook(false)
            .routing(rules -> rules.any(this::handle))
            .build();
  }

  /** Serves. */
  public void start() {
    web.start();
  }

  /** Where, once it serves. */
  public int port() {
    return web.port();
  }

  @Override
  public void close() {
    web.stop();
  }

  private void handle(ServerRequest request, ServerResponse response) {
    RequestHead head = new RequestHead(request);
    String requestId = answers.requestId();
    response.header(REQUEST_ID, requestId);
    response.header(COMPUTE_REQUEST_ID, requestId);
    boolean compute = Router.compute(head.segments());
    try {
      Microversion version = Microversion.of(head.header(VERSION), head.header(LEGACY_VERSION));
      if (compute) {
        response.header(VERSION, "compute " + version);
        response.header(LEGACY_VERSION, version.toString());
        response.header(HeaderNames.VARY, "OpenStack-API-Version", "X-OpenStack-Nova-API-Version");
      }
      if (!streamed(head, response)) {
        send(response, answer(head, version, requestId));
      }
    } catch (Fault fault) {
      FaultAnswer.send(response, fault, head.root());
    } catch (ServerConnectionException e) {
      LOG.atDebug().addKeyValue("request", requestId).log("the caller went away");
    } catch (DatabaseTrouble.Unlearned e) {
      LOG.atError()
          .addKeyValue("request", requestId)
          .setCause(e)
          .log("a request's outcome is unknown");
      FaultAnswer.send(response, new Fault(500, "" + e.getMessage()), head.root());
    } catch (DatabaseTrouble e) {
      LOG.atError().addKeyValue("request", requestId).setCause(e).log("a request failed");
      FaultAnswer.send(response, new Fault(503, "" + e.getMessage()), head.root());
    } catch (Unreadable e) {
      LOG.atError().addKeyValue("request", requestId).setCause(e).log("a request failed");
      FaultAnswer.send(response, new Fault(500, e.sentence()), head.root());
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("request", requestId).setCause(e).log("a request failed");
      String text = "Unexpected API Error. Look in the server's log for " + requestId + ".";
      FaultAnswer.send(response, new Fault(500, text), head.root());
    }
  }

  private static void send(ServerResponse response, Reply reply) {
    reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    response.status(Status.create(reply.status()));
    if (reply.body().isPresent()) {
      response.header(HeaderNames.CONTENT_TYPE, "application/json");
      response.send(reply.body().get().toString());
    } else {
      response.send();
    }
  }

  private Optional<Caller> caller(RequestHead head) {
    return answers.caller(head.header(TOKEN));
  }

  private Reply answer(RequestHead head, Microversion version, String requestId) {
    return answers.to(
        new Answers.Asked(
            head.method(),
            head.path(),
            head.query(),
            head.root(),
            head.header(TOKEN),
            head.header(SUBJECT_TOKEN),
            () -> RequestBody.of(head.request())),
        version,
        requestId);
  }

  /** True when the request was for a stream of events, which has been served. */
  private boolean streamed(RequestHead head, ServerResponse response) {
    List<String> segments = head.segments();
    boolean wanted =
        segments.size() == 5
            && segments.subList(0, 3).equals(List.of("godwit", "v1", "migrations"))
            && segments.getLast().equals("events")
            && head.method().equals("GET");
    if (!wanted) {
      return false;
    }
    Caller caller = caller(head).orElseThrow(Answers::unauthorized);
    if (!caller.admin()) {
      throw new Fault(403, "Policy doesn't allow migrations to be followed.");
    }
    Call call =
        new Call(
            caller,
            Microversion.MIN,
            "",
            head.root(),
            "",
            Map.of("id", segments.get(3)),
            Map.of(),
            Optional.empty(),
            Optional.empty());
    var row = godwit.required(call);
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
    response.header(HeaderNames.CACHE_CONTROL, "no-cache");
    try (OutputStream out = response.outputStream()) {
      events.stream(row, out);
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("a follower went away");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}

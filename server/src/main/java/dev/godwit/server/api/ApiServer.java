package dev.godwit.server.api;

import dev.godwit.server.store.DatabaseTrouble;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
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
import java.util.UUID;
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

  private final Router router;
  private final Tokens tokens;
  private final GodwitApi godwit;
  private final EventsApi events;
  private final WebServer web;

  ApiServer(
      InetSocketAddress address, Router router, Tokens tokens, GodwitApi godwit, EventsApi events) {
    this.router = router;
    this.tokens = tokens;
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
    String requestId = "req-" + UUID.randomUUID();
    response.header(REQUEST_ID, requestId);
    response.header(COMPUTE_REQUEST_ID, requestId);
    boolean compute = Router.compute(Route.segments(request.path().path()));
    try {
      Microversion version =
          Microversion.of(header(request, VERSION), header(request, LEGACY_VERSION));
      if (compute) {
        response.header(VERSION, "compute " + version);
        response.header(LEGACY_VERSION, version.toString());
        response.header(HeaderNames.VARY, "OpenStack-API-Version", "X-OpenStack-Nova-API-Version");
      }
      if (!streamed(request, response)) {
        send(response, answer(request, version, requestId));
      }
    } catch (Fault fault) {
      FaultAnswer.send(response, fault, root(request));
    } catch (ServerConnectionException e) {
      LOG.atDebug().addKeyValue("request", requestId).log("the caller went away");
    } catch (RequestException e) {
      // A body that breaks the rules of HTTP while it is read: the web server's to answer.
      throw e;
    } catch (DatabaseTrouble e) {
      LOG.atError().addKeyValue("request", requestId).setCause(e).log("a request failed");
      FaultAnswer.send(response, new Fault(503, "" + e.getMessage()), root(request));
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("request", requestId).setCause(e).log("a request failed");
      String text = "Unexpected API Error. Look in the server's log for " + requestId + ".";
      FaultAnswer.send(response, new Fault(500, text), root(request));
    }
  }

  private static Optional<String> header(ServerRequest request, HeaderName name) {
    return request.headers().first(name);
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

  private Optional<Caller> caller(ServerRequest request) {
    return header(request, TOKEN).flatMap(tokens::caller);
  }

  private Reply answer(ServerRequest request, Microversion version, String requestId) {
    Optional<Caller> caller = caller(request);
    if (caller.isEmpty() && Router.compute(Route.segments(request.path().path()))) {
      throw unauthorized();
    }
    Router.Found found =
        router.find(request.prologue().method().text(), request.path().path(), version, caller);
    Caller allowed = allowed(found.route(), caller);
    Call call =
        new Call(
            allowed,
            version,
            requestId,
            root(request),
            found.prefix(),
            found.values(),
            query(request),
            header(request, SUBJECT_TOKEN),
            RequestBody.of(request));
    return found.route().handler().apply(call);
  }

  private static Fault unauthorized() {
    return new Fault(401, "The request you have made requires authentication.");
  }

  private static Caller allowed(Route route, Optional<Caller> caller) {
    if (route.access() == Route.Access.ANYBODY) {
      return caller.orElse(new Caller("", "", "", "", List.of()));
    }
    Caller known = caller.orElseThrow(ApiServer::unauthorized);
    if (!route.access().permits(known)) {
      throw new Fault(
          403,
          "Policy doesn't allow %s %s to be performed."
              .formatted(route.method(), route.template()));
    }
    return known;
  }

  private static String root(ServerRequest request) {
    return "http://" + request.authority();
  }

  private static Map<String, List<String>> query(ServerRequest request) {
    Map<String, List<String>> all = new java.util.TreeMap<>();
    request.query().names().forEach(name -> all.put(name, request.query().all(name)));
    return all;
  }

  /** True when the request was for a stream of events, which has been served. */
  private boolean streamed(ServerRequest request, ServerResponse response) {
    List<String> segments = Route.segments(request.path().path());
    boolean wanted =
        segments.size() == 5
            && segments.subList(0, 3).equals(List.of("godwit", "v1", "migrations"))
            && segments.getLast().equals("events")
            && request.prologue().method().text().equals("GET");
    if (!wanted) {
      return false;
    }
    Caller caller = caller(request).orElseThrow(ApiServer::unauthorized);
    if (!caller.admin()) {
      throw new Fault(403, "Policy doesn't allow migrations to be followed.");
    }
    Call call =
        new Call(
            caller,
            Microversion.MIN,
            "",
            root(request),
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

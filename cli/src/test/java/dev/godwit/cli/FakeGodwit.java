package dev.godwit.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP server on loopback that answers with the documents it was given. */
final class FakeGodwit implements AutoCloseable {
  static final String TOKEN = "a-token";

  private record Answer(int status, String body, boolean stream, boolean breaks) {}

  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  FakeGodwit() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::handle);
    http.setExecutor(threads);
    http.start();
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  /** The n-th call of a route gets its n-th answer, later ones the last. */
  FakeGodwit on(String route, int status, String body) {
    return add(route, new Answer(status, body.replace('\'', '"'), false, false));
  }

  FakeGodwit on(String route, String body) {
    return on(route, 200, body);
  }

  FakeGodwit stream(String route, String events) {
    return add(route, new Answer(200, events.replace('\'', '"'), true, false));
  }

  /** A stream that is cut after these events. */
  FakeGodwit brokenStream(String route, String events) {
    return add(route, new Answer(200, events.replace('\'', '"'), true, true));
  }

  /** Every call so far, as "METHOD path body". */
  List<String> calls() {
    return List.copyOf(calls);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.close();
  }

  private FakeGodwit add(String route, Answer answer) {
    answers.computeIfAbsent(route, key -> new ArrayDeque<>()).add(answer);
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String route = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      calls.add((route + " " + body).strip());
      send(exchange, answer(exchange, route));
    }
  }

  private Answer answer(HttpExchange exchange, String route) {
    boolean known =
        TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Auth-Token"))
            && "compute 2.80"
                .equals(exchange.getRequestHeaders().getFirst("OpenStack-API-Version"));
    if (!known) {
      return new Answer(401, "{\"error\":{\"code\":401,\"message\":\"bad token\"}}", false, false);
    }
    Deque<Answer> queue = answers.getOrDefault(route, new ArrayDeque<>());
    synchronized (queue) {
      Answer answer = queue.size() > 1 ? queue.poll() : queue.peek();
      return answer != null
          ? answer
          : new Answer(
              404,
              "{\"itemNotFound\":{\"code\":404,\"message\":\"no " + route + "\"}}",
              false,
              false);
    }
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    if (!answer.stream()) {
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    // A length never reached, and the connection closed before it: a stream cut in the middle.
    exchange.sendResponseHeaders(200, answer.breaks() ? bytes.length + 1000L : 0);
    OutputStream stream = exchange.getResponseBody();
    stream.write(bytes);
    stream.flush();
  }
}

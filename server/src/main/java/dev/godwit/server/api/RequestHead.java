package dev.godwit.server.api;

import io.helidon.http.HeaderName;
import io.helidon.webserver.http.ServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a request says before its body. */
record RequestHead(ServerRequest request) {
  String method() {
    return request.prologue().method().text();
  }

  String path() {
    return request.path().path();
  }

  List<String> segments() {
    return Route.segments(path());
  }

  /** The address that the client used: http://host:port. */
  String root() {
    return "http://" + request.authority();
  }

  Optional<String> header(HeaderName name) {
    return request.headers().first(name);
  }

  /** All values of all query parameters. */
  Map<String, List<String>> query() {
    Map<String, List<String>> all = new TreeMap<>();
    request.query().names().forEach(name -> all.put(name, request.query().all(name)));
    return all;
  }
}

package dev.godwit.server.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the line of the routing table that a request means. */
final class Router {
  private final List<Route> unversioned;
  private final List<Route> compute;

  Router(List<Route> unversioned, List<Route> compute) {
    this.unversioned = List.copyOf(unversioned);
    this.compute = List.copyOf(compute);
  }

  /**
   * What was found.
   *
   * @param prefix what came before the route: /v2.1, or /v2.1/{project}
   */
  record Found(Route route, String prefix, Map<String, String> values) {}

  /** The whole table, as the paths are asked. */
  Stream<Api.Line> lines() {
    return Stream.concat(
        unversioned.stream().map(route -> route.line("")),
        compute.stream().map(route -> route.line("/v2.1")));
  }

  /** Throws {@link Fault} 404 or 405. */
  Found find(String method, String path, Microversion version, Optional<Caller> caller) {
    List<String> segments = Route.segments(path);
    if (!compute(segments)) {
      return find(unversioned, method, segments, "", version);
    }
    List<String> rest = segments.subList(1, segments.size());
    String prefix = "/v2.1";
    String first = rest.getFirst();
    if (first.matches("[0-9a-fA-F-]{8,64}") && rest.size() > 1) {
      checkProject(first, caller);
      prefix = "/v2.1/" + first;
      rest = rest.subList(1, rest.size());
    }
    return find(compute, method, rest, prefix, version);
  }

  /** True for everything below /v2.1, which needs a token and has microversions. */
  static boolean compute(List<String> segments) {
    return segments.size() >= 2 && segments.getFirst().equals("v2.1");
  }

  private static void checkProject(String project, Optional<Caller> caller) {
    if (caller.isPresent() && !caller.get().projectId().equals(project)) {
      throw Fault.badRequest(
          "Malformed request URL: URL's project_id '%s' doesn't match Context's project_id '%s'"
              .formatted(project, caller.get().projectId()));
    }
  }

  private static Found find(
      List<Route> table,
      String method,
      List<String> segments,
      String prefix,
      Microversion version) {
    boolean pathKnown = false;
    boolean otherVersion = false;
    for (Route route : table) {
      Optional<Map<String, String>> values = route.match(segments);
      if (values.isEmpty()) {
        continue;
      }
      pathKnown = true;
      if (route.method().equals(method)) {
        if (route.serves(version)) {
          return new Found(route, prefix, values.get());
        }
        otherVersion = true;
      }
    }
    if (!pathKnown && !prefix.isEmpty()) {
      throw Fault.unknownUrl();
    }
    if (otherVersion || !pathKnown) {
      throw Fault.notFound("The resource could not be found.");
    }
    throw new Fault(405, "The method specified is not allowed for this resource.");
  }
}

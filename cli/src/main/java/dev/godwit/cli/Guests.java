package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.Units;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Godwit's guests, as Compute's servers: found by name or UUID, and waited for. */
final class Guests {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final int PAGES = 1000;
  private static final Duration WAIT = Duration.ofMinutes(5);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final Api api;

  Guests(Api api) {
    this.api = api;
  }

  static boolean isUuid(String reference) {
    return UUID.matcher(reference.toLowerCase(Locale.ROOT)).matches();
  }

  static String host(JsonNode server) {
    return Doc.text(server, "OS-EXT-SRV-ATTR:host");
  }

  /** Every guest; the API may answer in pages. */
  List<JsonNode> all() {
    List<JsonNode> servers = new ArrayList<>();
    String path = "/v2.1/servers/detail";
    for (int page = 0; page < PAGES; page++) {
      JsonNode answer = api.get("list the guests", path);
      servers.addAll(Doc.list(answer, "servers"));
      Optional<String> next =
          Doc.list(answer, "servers_links").stream()
              .filter(link -> Doc.text(link, "rel").equals("next"))
              .findFirst()
              .flatMap(link -> Doc.maybe(link, "href"))
              .flatMap(href -> Optional.ofNullable(URI.create(href).getRawQuery()));
      if (next.isEmpty()) {
        break;
      }
      path = "/v2.1/servers/detail?" + next.get();
    }
    return servers;
  }

  /** The guest of this name or UUID; refused when there is none, or the name means several. */
  JsonNode find(String reference) {
    if (isUuid(reference)) {
      return show(reference.toLowerCase(Locale.ROOT));
    }
    List<JsonNode> named =
        all().stream().filter(server -> Doc.text(server, "name").equals(reference)).toList();
    if (named.isEmpty()) {
      throw new CommandFailure(
          ExitCodes.NOT_FOUND,
          "There is no guest '" + reference + "'.",
          "no guest of Godwit has this name",
          "See 'godwit vm list'; a guest Godwit does not manage yet is taken in with"
              + " 'godwit vm adopt'.");
    }
    if (named.size() > 1) {
      throw new CommandFailure(
          ExitCodes.CONFLICT,
          "The name '" + reference + "' means " + named.size() + " guests.",
          String.join(", ", named.stream().map(Guests::candidate).toList()),
          "Name the guest by its UUID, for example " + Doc.text(named.getFirst(), "id") + ".");
    }
    return named.getFirst();
  }

  private static String candidate(JsonNode server) {
    return "%s is %s on %s"
        .formatted(Doc.text(server, "id"), Doc.text(server, "status"), host(server));
  }

  JsonNode show(String id) {
    return api.get("show guest " + id, "/v2.1/servers/" + id).path("server");
  }

  /** Waits until the guest has one of the states and nothing is under way with it. */
  JsonNode await(String id, Set<String> states) {
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (true) {
      JsonNode server = show(id);
      String status = Doc.text(server, "status");
      if (states.contains(status) && Doc.maybe(server, "OS-EXT-STS:task_state").isEmpty()) {
        return server;
      }
      if (status.equals("ERROR")) {
        throw new CommandFailure(
            ExitCodes.FAILED,
            Doc.text(server, "name") + " is in ERROR.",
            Doc.text(server.path("fault"), "message"),
            "'godwit explain " + id + "' says more; 'godwit vm delete " + id + "' removes it.");
      }
      if (!status.equals("BUILD") && Doc.maybe(server, "OS-EXT-STS:task_state").isEmpty()) {
        throw new CommandFailure(
            ExitCodes.FAILED,
            Doc.text(server, "name") + " stays " + status + ".",
            lastTrouble(id),
            "'godwit explain " + id + "' says more.");
      }
      if (System.nanoTime() > deadline) {
        throw tooLong(Doc.text(server, "name") + " is still " + status + ".", id);
      }
      rest();
    }
  }

  /** What came of the newest action on it. */
  private String lastTrouble(String id) {
    String actions = "/v2.1/servers/" + id + "/os-instance-actions";
    return Doc.list(api.get("ask what was done to " + id, actions), "instanceActions").stream()
        .findFirst()
        .map(action -> actions + "/" + Doc.text(action, "request_id"))
        .map(path -> api.get("ask what came of it", path).path("instanceAction"))
        .flatMap(action -> Doc.list(action, "events").stream().findFirst())
        .flatMap(event -> Doc.maybe(event, "traceback"))
        .orElse("the task ended, and nobody said why");
  }

  /** Waits until the guest is no more. */
  void awaitGone(String id) {
    long deadline = System.nanoTime() + WAIT.toNanos();
    try {
      while (true) {
        JsonNode server = show(id);
        if (System.nanoTime() > deadline) {
          throw tooLong(Doc.text(server, "name") + " is still there.", id);
        }
        rest();
      }
    } catch (CommandFailure e) {
      if (e.exitCode() != ExitCodes.NOT_FOUND) {
        throw e;
      }
    }
  }

  private static CommandFailure tooLong(String what, String id) {
    return new CommandFailure(
        ExitCodes.FAILED,
        what,
        "it did not get there within " + Units.time(WAIT),
        "Nothing was undone; look again with 'godwit vm show " + id + "'.");
  }

  private static void rest() {
    try {
      Thread.sleep(INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCodes.FAILED, "The command was interrupted.", "", "");
    }
  }
}

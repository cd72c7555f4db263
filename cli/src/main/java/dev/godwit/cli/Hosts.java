package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The hosts that the API knows, and what is said of a name that is none of them. */
record Hosts(List<JsonNode> all) {
  private static final int MOST_NAMED = 12;
  private static final Set<String> LIVE = Set.of("RUNNING", "PAUSED", "SUSPENDED");

  static Hosts of(Api api) {
    return new Hosts(Doc.list(api.get("list the hosts", "/godwit/v1/hosts"), "hosts"));
  }

  Optional<JsonNode> find(String name) {
    return all.stream().filter(host -> Doc.text(host, "name").equals(name)).findFirst();
  }

  /** Where a guest runs that its record has elsewhere, as the hosts told last. */
  Optional<String> runsElsewhere(JsonNode server) {
    String home = Guests.host(server);
    String id = Doc.text(server, "id");
    boolean goneFromHome = find(home).filter(Hosts::up).filter(host -> !live(host, id)).isPresent();
    return goneFromHome
        ? all.stream()
            .filter(host -> !Doc.text(host, "name").equals(home) && up(host) && live(host, id))
            .map(host -> Doc.text(host, "name"))
            .findFirst()
        : Optional.empty();
  }

  private static boolean up(JsonNode host) {
    return host.path("up").booleanValue();
  }

  private static boolean live(JsonNode host, String id) {
    return Doc.list(host, "guests").stream()
        .filter(guest -> Doc.text(guest, "uuid").equals(id))
        .anyMatch(guest -> LIVE.contains(Doc.text(guest, "power_state")));
  }

  /** Refuses a name that is no host's: with the hosts that there are, and the one meant. */
  void require(String name) {
    if (find(name).isEmpty()) {
      throw unknown(name);
    }
  }

  CommandFailure unknown(String name) {
    List<String> names = all.stream().map(host -> Doc.text(host, "name")).sorted().toList();
    return new CommandFailure(
        ExitCodes.NOT_FOUND, "There is no host '" + name + "'.", known(names), remedy(name, names));
  }

  private static String known(List<String> names) {
    if (names.isEmpty()) {
      return "no agent has announced a host yet";
    }
    int more = names.size() - MOST_NAMED;
    return "the hosts are "
        + String.join(", ", names.stream().limit(MOST_NAMED).toList())
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String remedy(String name, List<String> names) {
    if (names.isEmpty()) {
      return "Start 'godwit agent' on the host; 'godwit host list' shows it when it has come.";
    }
    return Nearest.to(name, names)
        .map(meant -> "Did you mean '" + meant + "'? 'godwit host list' shows all hosts.")
        .orElse("Name one of these; 'godwit host list' shows how they are.");
  }
}

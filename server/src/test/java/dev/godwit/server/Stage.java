package dev.godwit.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;

/** What a contract document may set up, and who may ask. */
final class Stage {
  private Stage() {}

  static void set(JsonNode world, Rig rig, Variables variables) {
    for (var act : world.properties()) {
      JsonNode what = act.getValue();
      switch (act.getKey()) {
        // {name: host} makes an active instance and captures its id under its name.
        case "instances" ->
            what.properties()
                .forEach(it ->
                    variables.put(
                        it.getKey(),
                        rig.instance(it.getKey(), it.getValue().asText(), "2").toString()));
        case "hold" -> rig.world().holdCopies();
        case "finish" -> rig.world().finishCopies();
        case "silent" -> {
          rig.world().answers(what.asText(), false);
          rig.clock().forward(Duration.ofSeconds(30));
        }
        case "answers" -> rig.world().answers(what.asText(), true);
        case "incompatible" -> rig.world().incompatible(what.asText());
        case "refuse" ->
            what.properties()
                .forEach(it -> rig.world().refuse(it.getKey(), it.getValue().asText(), "no-luck"));
        default -> throw new AssertionError("no such act of the world: " + act.getKey());
      }
    }
  }

  static Client client(Rig rig, String who) {
    return switch (who) {
      case "nobody" -> rig.anybody();
      case "admin" -> rig.admin();
      default -> rig.user(who);
    };
  }

  /** A body of JSON, or one that is sent as it is. */
  static Optional<String> body(JsonNode each, Variables variables) {
    if (each.has("raw")) {
      return Optional.of(each.path("raw").asText());
    }
    return each.has("body")
        ? Optional.of(variables.in(each.path("body")).toString())
        : Optional.empty();
  }
}

package dev.godwit.server.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.core.model.Trace;
import dev.godwit.server.leftovers.Leftover;
import dev.godwit.server.leftovers.Leftover.Verdict;
import dev.godwit.server.leftovers.Leftovers;
import java.util.Locale;
import java.util.Optional;

/** What hosts hold and nothing needs. */
public final class LeftoverView {
  private LeftoverView() {}

  /** One, with what may be done about it. */
  public static ObjectNode leftover(Leftover leftover) {
    Trace trace = leftover.trace();
    ObjectNode view =
        Json.object()
            .put("host", leftover.host().value())
            .put("kind", trace.kind().name().toLowerCase(Locale.ROOT))
            .put("name", trace.name())
            .put("seen", trace.seen())
            .put("age_seconds", trace.age().toSeconds());
    Json.put(view, "instance", trace.instance().map(Object::toString));
    Json.put(view, "migration", trace.migration().map(Object::toString));
    return switch (leftover.verdict()) {
      case Verdict.Removable(String why) -> judged(view, true, why, Optional.empty());
      case Verdict.Kept(String why, String remedy) -> judged(view, false, why, Optional.of(remedy));
      case Verdict.Needed() -> judged(view, false, "it is needed", Optional.empty());
    };
  }

  private static ObjectNode judged(
      ObjectNode view, boolean removable, String why, Optional<String> remedy) {
    view.put("removable", removable).put("reason", why);
    Json.put(view, "remedy", remedy);
    return view;
  }

  /** A host that did not tell. */
  public static ObjectNode unseen(Leftovers.Unseen unseen) {
    return Json.object().put("host", unseen.host().value()).put("why", unseen.why());
  }

  /** What became of one that was to go. */
  public static ObjectNode outcome(Leftovers.Outcome outcome) {
    ObjectNode view = leftover(outcome.leftover()).put("removed", outcome.kept().isEmpty());
    Json.put(view, "kept", outcome.kept());
    return view;
  }
}

package dev.godwit.core.docs;

import dev.godwit.core.migration.PhaseName;
import dev.godwit.core.migration.Transition;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The transition table as a diagram and as text. */
final class Transitions {
  private Transitions() {}

  /** For readers with a renderer of Mermaid. */
  static String diagram() {
    String ways =
        Arrays.stream(Transition.values())
            .map(it -> "    %s --> %s: %s".formatted(it.from(), it.to(), plain(it.when())))
            .collect(Collectors.joining("\n"));
    return """
    ```mermaid
    stateDiagram-v2
        [*] --> ACCEPTED
    %s
        COMPLETED --> [*]
        CANCELLED --> [*]
        FAILED --> [*]
    ```
    """
        .formatted(ways);
  }

  /** A colon ends a label in Mermaid. */
  private static String plain(String when) {
    return when.replace(": ", " – ");
  }

  /** For everybody else. */
  static String picture() {
    return Arrays.stream(PhaseName.values())
        .map(Transitions::from)
        .collect(Collectors.joining("\n", "```text\n", "```\n"));
  }

  private static String from(PhaseName phase) {
    List<Transition> ways =
        Arrays.stream(Transition.values()).filter(it -> it.from() == phase).toList();
    if (ways.isEmpty()) {
      return phase + "  (over)\n";
    }
    StringBuilder picture = new StringBuilder(phase + "\n");
    for (Transition way : ways) {
      String branch = way == ways.getLast() ? "└" : "├";
      picture.append("  %s─► %-13s %-22s %s\n".formatted(branch, way.to(), way.name(), way.when()));
    }
    return picture.toString();
  }
}

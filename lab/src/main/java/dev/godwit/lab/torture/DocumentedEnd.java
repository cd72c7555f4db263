package dev.godwit.lab.torture;

import dev.godwit.lab.demo.MigrationView.WayOut;
import java.util.Set;

/**
 * An end that is not as one would wish, and that cases may have because libvirt or QEMU left
 * nothing better.
 *
 * @param when which cases
 * @param kind what it is
 * @param by the row of docs/decision-table.md that says so, or {@link #ARCHITECTURE}; where an
 *     operator is asked, what the API says that they are asked because of
 * @param because how a case comes to it
 */
record DocumentedEnd(When when, Kind kind, String by, String because) {
  /** What docs/architecture.md says under "What is held" and "Post-copy". */
  static final String ARCHITECTURE = "architecture.md";

  /** What is asked of an operator, or what was lost. */
  enum Kind {
    /** An operator is to end a copy. */
    END_A_COPY,
    /** An operator is to say which host is the guest's home. */
    RULE_ITS_HOME,
    /** An operator may resume a copy that stands still. */
    RESUME_A_COPY,
    /** The guest's own QEMU was killed: it starts again from its disks. */
    START_AGAIN,
    /** libvirt had two copies run, and what the one that is given up did is lost. */
    LOSE_A_COPY;

    /** True when this is what the API tells an operator to do. */
    private boolean told(WayOut out) {
      return switch (this) {
        case END_A_COPY -> !out.end().isEmpty();
        case RULE_ITS_HOME -> !out.home().isEmpty();
        case RESUME_A_COPY -> !out.resume().isEmpty();
        case START_AGAIN, LOSE_A_COPY -> false;
      };
    }
  }

  /** True when this is what holds a migration, and what its operator is told to do. */
  boolean told(WayOut out) {
    return kind.told(out) && by.equals(out.because());
  }

  /** Cases by what they are made of, and where they are run. */
  record When(
      Set<Victim> victims,
      Set<Harm> harms,
      Set<Way> ways,
      Set<Stage> stages,
      Set<Storage> storages,
      Where where) {
    When {
      victims = Set.copyOf(victims);
      harms = Set.copyOf(harms);
      ways = Set.copyOf(ways);
      stages = Set.copyOf(stages);
      storages = Set.copyOf(storages);
    }

    boolean has(Case it, Scene scene) {
      return where.has(scene)
          && victims.contains(it.victim())
          && harms.contains(it.harm())
          && ways.contains(it.way())
          && stages.contains(Stage.of(it.moment()))
          && storages.contains(it.storage());
    }
  }
}

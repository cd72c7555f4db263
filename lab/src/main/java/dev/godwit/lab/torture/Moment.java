package dev.godwit.lab.torture;

import java.time.Duration;
import java.util.Optional;

/** When the strike falls. */
sealed interface Moment {
  /** As people name it, and --only looks for it. */
  String word();

  /** A journal entry appears; with a step, that of this step. */
  record Entry(String transition, Optional<String> step) implements Moment {
    Entry(String transition) {
      this(transition, Optional.empty());
    }

    Entry(String transition, String step) {
      this(transition, Optional.of(step));
    }

    @Override
    public String word() {
      return transition + step.map(name -> ":" + name).orElse("");
    }

    boolean is(Journal.Entry entry) {
      return entry.transition().equals(transition) && (step.isEmpty() || step.equals(entry.step()));
    }
  }

  /** This share of the guest's memory is over. */
  record Copying(int part, int of) implements Moment {
    @Override
    public String word() {
      return "copy:%d/%d".formatted(part, of);
    }

    /** What of the copy is still to come, 0 to 1. */
    double rest() {
      return 1.0 - (double) part / of;
    }
  }

  /** QEMU was started at the destination, so long ago, and libvirt makes it ready. */
  record Incoming(Duration ago) implements Moment {
    @Override
    public String word() {
      return "incoming:%dms".formatted(ago.toMillis());
    }
  }

  /** libvirt tells that the guest was started at the destination. */
  record Resumed() implements Moment {
    @Override
    public String word() {
      return "Resumed";
    }
  }

  /** What makes the move take its way was just done: an abort was accepted, for example. */
  record Turned() implements Moment {
    @Override
    public String word() {
      return "turned";
    }
  }
}

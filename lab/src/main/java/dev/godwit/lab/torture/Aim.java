package dev.godwit.lab.torture;

import java.util.List;

/** Whether a strike falls at its moment: at any other it shows nothing of that one. */
final class Aim {
  /** A guest that was resumed is committed within milliseconds: after that it is another moment. */
  private static final List<Moment.Entry> ARRIVING = List.of(new Moment.Entry("TRANSFER"));

  /** In a strict hand-over the guest is resumed by a step, which is confirmed when it runs. */
  private static final List<Moment.Entry> RESUMING =
      List.of(
          new Moment.Entry("SETTLE_NEXT", "DESTINATION_RUNNING"),
          new Moment.Entry("SETTLE_NEXT", "SOURCE_DEFINITION"));

  private static final List<Moment.Entry> COPYING = List.of(new Moment.Entry("TRANSFER"));

  private final Moment moment;
  private final Mode mode;

  Aim(Moment moment, Mode mode) {
    this.moment = moment;
    this.mode = mode;
  }

  /** True when a move that has these entries, and no further ones yet, is at the moment. */
  boolean on(List<Journal.Entry> entries) {
    return !entries.isEmpty() && at().stream().anyMatch(it -> it.is(entries.getLast()));
  }

  /** True when the journal alone is the moment: then it tells before the strike. */
  boolean known() {
    return moment instanceof Moment.Entry;
  }

  private List<Moment.Entry> at() {
    return switch (moment) {
      case Moment.Entry entry -> List.of(entry);
      case Moment.Copying _, Moment.Incoming _, Moment.Turned() -> COPYING;
      case Moment.Resumed() -> mode.strict() ? RESUMING : ARRIVING;
    };
  }
}

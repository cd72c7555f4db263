package dev.godwit.agent.act;

import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.StepReply;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.LibvirtException;
import java.util.UUID;
import java.util.function.Consumer;

/** What both sides of a move do alike. */
final class Acts {
  private Acts() {}

  /** Works on the migration's guest; when it is gone there is nothing to do. */
  static StepReply onDomain(Daemon daemon, Note note, Consumer<Domain> work) {
    return onDomain(daemon, Daemon.Use.ACT, note, work);
  }

  /** The same on a connection of its own. */
  static StepReply onDomain(Daemon daemon, Daemon.Use use, Note note, Consumer<Domain> work) {
    try {
      daemon.ask(
          use,
          connection -> {
            work.accept(connection.domain(UUID.fromString(note.instance())));
            return true;
          });
    } catch (LibvirtException e) {
      if (!e.isNoDomain()) {
        throw e;
      }
    }
    return new StepReply.Done();
  }
}

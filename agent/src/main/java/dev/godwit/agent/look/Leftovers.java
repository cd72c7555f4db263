package dev.godwit.agent.look;

import dev.godwit.agent.guest.MoveMark;
import dev.godwit.agent.host.HostEvents;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.LibvirtException;
import java.util.List;

/**
 * Tells what a dead migration left at a destination from what is somebody else's. The plan asks
 * before anything is made, and the preparation asks again: they must agree.
 */
public final class Leftovers {
  private final HostEvents events;
  private final Notebook notebook;

  public Leftovers(HostEvents events, Notebook notebook) {
    this.events = events;
    this.notebook = notebook;
  }

  /** What is here under an instance's UUID, before a migration of it is prepared. */
  public sealed interface Found {
    /** No domain. */
    record Nothing() implements Found {}

    /** A definition that an earlier migration left, and that certainly never ran here. */
    record Definition() implements Found {}

    /** What is not ours, or ran, or is active: to be left alone. */
    record InTheWay(String what) implements Found {}
  }

  /** Looks; {@link LibvirtException} when libvirt does not answer. */
  public Found before(Connection connection, MigrationId migration, InstanceId instance) {
    List<Note> earlier =
        notebook.open(instance).stream()
            .filter(note -> !note.migration().equals(migration.toString()))
            .toList();
    try {
      Domain domain = connection.domain(instance.value());
      return domain.isActive() ? active(earlier) : definition(domain, earlier);
    } catch (LibvirtException e) {
      // Also one that goes while it is looked at.
      if (e.isNoDomain()) {
        return nothing(earlier);
      }
      throw e;
    }
  }

  private static Found nothing(List<Note> earlier) {
    return earlier.stream().anyMatch(Note::resumedSeen)
        ? new Found.InTheWay(
            "no domain, but an earlier migration whose guest was seen to run here: its disks may be the newest")
        : new Found.Nothing();
  }

  /** Nothing active is ended on a guess: it may be the guest's only copy. */
  private static Found active(List<Note> earlier) {
    return new Found.InTheWay(
        earlier.isEmpty()
            ? "an active domain with this UUID that no migration left here"
            : "an active domain with this UUID where an earlier migration was under way; if it still arrives it may end by itself, if not it may be the guest's only copy");
  }

  /** libvirt writes the definition before it starts the guest: where there is one it may have. */
  private Found definition(Domain domain, List<Note> earlier) {
    if (earlier.isEmpty()) {
      return new Found.InTheWay(
          MoveMark.of(domain)
              .map(
                  "a definition with this UUID that migration %s brought, of which nothing is noted here any more; its guest may have run here"
                      ::formatted)
              .orElse("a definition with this UUID that no migration left here"));
    }
    boolean ran =
        earlier.stream()
            .anyMatch(note -> note.resumedSeen() || !note.watchedBy().equals(events.session()));
    return ran
        ? new Found.InTheWay(
            "a definition with this UUID that an earlier migration left; its guest may have run here, and its disks may be the newest")
        : new Found.Definition();
  }
}

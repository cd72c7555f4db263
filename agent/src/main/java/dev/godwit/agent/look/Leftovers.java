package dev.godwit.agent.look;

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
  private final Notebook notebook;

  public Leftovers(Notebook notebook) {
    this.notebook = notebook;
  }

  /** What is here under an instance's UUID, before a migration of it is prepared. */
  public sealed interface Found {
    /** No domain. */
    record Nothing() implements Found {}

    /** A definition that an earlier migration left, which was not seen to run here. */
    record Definition() implements Found {}

    /** What is not ours, or ran, or is active: to be left alone. */
    record InTheWay(String what) implements Found {}
  }

  /** Looks; {@link LibvirtException} when libvirt does not answer. */
  public Found before(Connection connection, MigrationId migration, InstanceId instance) {
    try {
      return found(connection.domain(instance.value()), migration, instance);
    } catch (LibvirtException e) {
      // Also one that goes while it is looked at.
      if (e.isNoDomain()) {
        return new Found.Nothing();
      }
      throw e;
    }
  }

  private Found found(Domain domain, MigrationId migration, InstanceId instance) {
    boolean active = domain.isActive();
    List<Note> earlier =
        notebook.open(instance).stream()
            .filter(note -> !note.migration().equals(migration.toString()))
            .toList();
    if (earlier.isEmpty()) {
      return new Found.InTheWay(
          (active ? "an active domain" : "a definition")
              + " with this UUID that no migration left here");
    }
    if (active) {
      // Nothing active is ended on a guess. What still arrives for nobody ends by itself: libvirt
      // destroys it when the source's daemon is silent for its keep-alive.
      return new Found.InTheWay(
          "an active domain with this UUID, where an earlier migration was under way; if it is that one's arrival, libvirt ends it within a minute");
    }
    return earlier.stream().anyMatch(Note::resumedSeen)
        ? new Found.InTheWay("a definition with this UUID whose guest was seen to run here")
        : new Found.Definition();
  }
}

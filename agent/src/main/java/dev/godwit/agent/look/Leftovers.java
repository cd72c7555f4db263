package dev.godwit.agent.look;

import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
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
  private final Look look;
  private final Notebook notebook;

  public Leftovers(Look look, Notebook notebook) {
    this.look = look;
    this.notebook = notebook;
  }

  /** What is here under an instance's UUID, before a migration of it is prepared. */
  public sealed interface Found {
    /** No domain. */
    record Nothing() implements Found {}

    /** A definition that an earlier migration left: the guest is at the source. */
    record Definition() implements Found {}

    /**
     * libvirt's incoming guest of an earlier migration, which never ran.
     *
     * @param domainId libvirt's number of this run
     */
    record Arriving(int domainId) implements Found {}

    /** What is not ours, or may have run: to be left alone. */
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
    if (active) {
      return active(earlier.stream().filter(Note::prepared).toList());
    }
    return earlier.isEmpty()
        ? new Found.InTheWay("a definition with this UUID that no migration left here")
        : new Found.Definition();
  }

  /**
   * An active domain came with an earlier migration if that one was prepared here, when there was
   * none; and it never ran if no `Resumed` came since, in a log of events without a gap. Each alone
   * would do, and both are asked for: libvirt calls its guest incoming, which it does of no other.
   */
  private Found active(List<Note> arrivals) {
    if (arrivals.isEmpty()) {
      return new Found.InTheWay("an active domain with this UUID that no migration left here");
    }
    return arrivals.stream()
        .filter(note -> !note.resumedSeen())
        .findFirst()
        .map(this::arriving)
        .orElseGet(() -> new Found.InTheWay("an active domain with this UUID that has run here"));
  }

  private Found arriving(Note note) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) ->
          new Found.InTheWay("an active domain with this UUID that does not answer: " + why);
      case HostView.Seen(var _, GuestView.Inactive _, var _) ->
          new Found.InTheWay("a domain with this UUID that ended just now");
      case HostView.Seen(var _, GuestView.Active guest, var _) -> {
        if (!look.unbroken(note) || resumedSince(note)) {
          yield new Found.InTheWay("an active domain with this UUID that may have run here");
        }
        yield isArriving(guest)
            ? new Found.Arriving(guest.domainId())
            : new Found.InTheWay(
                "an active domain with this UUID, %s (%s)"
                    .formatted(guest.state(), guest.reason()));
      }
    };
  }

  private boolean resumedSince(Note note) {
    return notebook.find(MigrationId.of(note.migration())).map(Note::resumedSeen).orElse(true);
  }

  /** Paused by its owner, or as a strict hand-over's arrival, it may be the guest's only copy. */
  private static boolean isArriving(GuestView.Active guest) {
    return guest.job() == JobView.INCOMING
        && guest.state() == RunState.PAUSED
        && (guest.reason() == StateReason.MIGRATION || guest.reason() == StateReason.STARTING_UP);
  }
}

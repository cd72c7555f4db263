package dev.godwit.agent.guest;

import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainStateReason;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.StateReason;
import java.util.Optional;

/**
 * What an owner may not do to a guest because it is being moved. The server refuses it too; this is
 * the second lock, for a resume or a start at the wrong moment makes two guests of one.
 */
public final class Moves {
  private final Notebook notebook;

  public Moves(Notebook notebook) {
    this.notebook = notebook;
  }

  /** Why this may not be done to the guest now. */
  Optional<Refusal> forbid(Domain domain, PowerAction action) {
    Optional<Refusal> busy = busy(domain);
    if (busy.isPresent()) {
      return busy;
    }
    return switch (action) {
      case START, REBOOT_HARD ->
          !domain.isActive() && mayHaveMoved(domain)
              ? Optional.of(
                  refusal(domain, "a guest whose home is decided", "one that may have moved"))
              : movedAway(domain);
      case UNPAUSE ->
          undecided(domain)
              ? Optional.of(
                  refusal(domain, "a guest that its owner paused", "one that a move holds"))
              : Optional.empty();
      case STOP, REBOOT_SOFT, PAUSE -> Optional.empty();
    };
  }

  /** Why it may not be deleted now. */
  Optional<Refusal> forbidDelete(Domain domain) {
    Optional<Refusal> busy = busy(domain);
    if (busy.isPresent()) {
      return busy;
    }
    return undecided(domain)
        ? Optional.of(refusal(domain, "a guest whose home is decided", "one that a move holds"))
        : movedAway(domain);
  }

  /** libvirt itself knows it moved, whoever moved it: a start here would be a second run. */
  private static Optional<Refusal> movedAway(Domain domain) {
    return domain.state().reason() == StateReason.SHUTOFF_MIGRATED
        ? Optional.of(
            new Refusal(
                "guest-moved",
                domain.uuid().toString(),
                "a guest whose last run ended on this host",
                "one that libvirt says has moved to another host",
                "Look with 'godwit host list' and virsh where it runs, and adopt it there; if it is lost there, undefine it here, or start it here, with virsh."))
        : Optional.empty();
  }

  /** A job runs on it, or the call that moves it is on its way. */
  Optional<Refusal> busy(Domain domain) {
    boolean called =
        notebook.open(new InstanceId(domain.uuid())).stream()
            .anyMatch(note -> note.transfer() == Note.Transfer.STARTED);
    return called || hasJob(domain)
        ? Optional.of(refusal(domain, "a guest without a job", "one that is being moved"))
        : Optional.empty();
  }

  /** Its home is decided, whoever was to say so: it runs here, and nothing moves it. */
  void decided(Domain domain) {
    notebook.supersede(new InstanceId(domain.uuid()), Optional.empty());
  }

  private static boolean hasJob(Domain domain) {
    if (!domain.isActive()) {
      return false;
    }
    try {
      return domain.job().info().type() != JobType.NONE;
    } catch (LibvirtException e) {
      // libvirt's word for a guest that is arriving; and one that ended just now has no job.
      if (e.isOperationUnsupported() || e.isOperationInvalid()) {
        return e.isOperationUnsupported();
      }
      throw e;
    }
  }

  private boolean mayHaveMoved(Domain domain) {
    return notebook.open(new InstanceId(domain.uuid())).stream()
        .anyMatch(note -> note.transfer() != Note.Transfer.NOT_STARTED);
  }

  /** Paused by a move that is not over: here it left off, or here it arrived and waits. */
  private boolean undecided(Domain domain) {
    if (!domain.isActive()) {
      return false;
    }
    boolean held = heldByMigration(domain.state());
    return notebook.open(new InstanceId(domain.uuid())).stream()
        .anyMatch(note ->
            note.prepared()
                ? !note.resumedSeen()
                : held && note.transfer() != Note.Transfer.NOT_STARTED);
  }

  private static boolean heldByMigration(DomainStateReason state) {
    return state.reason() == StateReason.PAUSED_MIGRATION
        || state.reason() == StateReason.PAUSED_API_ERROR
        || state.reason() == StateReason.PAUSED_POSTCOPY
        || state.reason() == StateReason.PAUSED_POSTCOPY_FAILED;
  }

  private static Refusal refusal(Domain domain, String expected, String found) {
    return new Refusal(
        Refusals.GUEST_BUSY,
        domain.uuid().toString(),
        expected,
        found,
        "Wait until the move is over, then ask again.");
  }
}

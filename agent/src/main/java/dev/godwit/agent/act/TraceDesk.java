package dev.godwit.agent.act;

import dev.godwit.agent.Turns;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.MarkedFiles;
import dev.godwit.agent.file.MarkedRemoval;
import dev.godwit.agent.guest.Listing;
import dev.godwit.agent.host.QemuPorts;
import dev.godwit.agent.note.Note;
import dev.godwit.agent.note.Notebook;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Trace;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Traces;
import dev.godwit.libvirt.LibvirtException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this host still holds of Godwit's, and the removal of what a migration left. A removal is an
 * order that takes turns with all others about the instance, so that no newer migration of it
 * begins in its midst.
 */
public final class TraceDesk {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Eyes eyes;
  private final MarkedRemoval removal;
  private final Notebook notebook;
  private final Listing listing;
  private final Turns turns;

  /** What looks. */
  public record Eyes(MarkedFiles files, QemuPorts ports) {}

  /**
   * The desk.
   *
   * @param turns those of orders, by instance
   */
  public TraceDesk(
      Eyes eyes, MarkedRemoval removal, Notebook notebook, Listing listing, Turns turns) {
    this.eyes = eyes;
    this.removal = removal;
    this.notebook = notebook;
    this.listing = listing;
    this.turns = turns;
  }

  /** Everything, living or not. */
  public Answer<List<Trace>> all() {
    try {
      List<Trace> found = new ArrayList<>(eyes.files.all());
      listing.all().stream().filter(GuestListing::ours).map(this::domain).forEach(found::add);
      notebook.all().stream().filter(note -> !note.over()).map(TraceDesk::note).forEach(found::add);
      eyes.ports.held().stream().map(TraceDesk::port).forEach(found::add);
      return new Answer.Given<>(List.copyOf(found));
    } catch (LibvirtException e) {
      return new Answer.Refused<>(refusal("libvirt", "the host", "libvirt's answer", e.text()));
    } catch (FileTrouble e) {
      return new Answer.Refused<>(
          refusal("file", "the host", "readable directories", "" + e.getMessage()));
    }
  }

  private Trace domain(GuestListing guest) {
    return trace(
        Trace.Kind.DOMAIN,
        guest.name(),
        Optional.of(guest.id()),
        listing.broughtBy(guest.id()),
        "a domain that is " + guest.powerState());
  }

  private static Trace note(Note note) {
    return trace(
        Trace.Kind.NOTE,
        note.migration(),
        Optional.of(InstanceId.of(note.instance())),
        Optional.of(MigrationId.of(note.migration())),
        "the agent's note of a migration that is not over for it");
  }

  private static Trace port(int number) {
    return trace(
        Trace.Kind.PORT,
        Integer.toString(number),
        Optional.empty(),
        Optional.empty(),
        "a port of QEMU's range on which something listens");
  }

  private static Trace trace(
      Trace.Kind kind,
      String name,
      Optional<InstanceId> instance,
      Optional<MigrationId> migration,
      String seen) {
    return new Trace(
        kind,
        name,
        instance,
        migration,
        seen,
        false,
        Optional.of("no file of a migration's making"),
        Duration.ZERO);
  }

  private static Refusal refusal(String code, String subject, String expected, String found) {
    return new Refusal(code, subject, expected, found, "Look at this host, then ask again.");
  }

  /** Removes one; refused unless everything that speaks for it is seen again. */
  public StepReply remove(Traces.Removal order) {
    return turns
        .take(order.instance().toString(), PATIENCE, () -> fenced(order))
        .orElseGet(() ->
            kept(order, Refusals.AGENT_BUSY, "an order about this instance that is not done yet"));
  }

  private StepReply fenced(Traces.Removal order) {
    try {
      Optional<String> why = stillNeeded(order).or(() -> removed(order));
      return why.<StepReply>map(it -> kept(order, "leftover-kept", it))
          .orElseGet(StepReply.Done::new);
    } catch (LibvirtException e) {
      return kept(order, "libvirt", e.text());
    } catch (FileTrouble | UncheckedIOException e) {
      return kept(order, "file", "" + e.getMessage());
    }
  }

  private static StepReply kept(Traces.Removal order, String code, String why) {
    return new StepReply.Refused(
        refusal(code, order.name(), "what only an ended migration made and nothing uses", why));
  }

  /** A host on which the guest is, was seen to run, or is on its way to, loses nothing. */
  private Optional<String> stillNeeded(Traces.Removal order) {
    for (Note note : notebook.about(order.instance())) {
      boolean its = note.migration().equals(order.migration().toString());
      if (its && note.epoch() > order.epoch().value() && !note.over()) {
        return Optional.of("a newer epoch of the migration, " + note.epoch());
      }
      if (!note.over()) {
        return Optional.of("migration %s is not over on this host".formatted(note.migration()));
      }
      if (its && note.resumedSeen()) {
        return Optional.of("its guest was seen to run here: what it wrote may be the newest");
      }
    }
    return listing
        .find(order.instance())
        .map(guest -> "domain %s is here, %s".formatted(guest.name(), guest.powerState()));
  }

  private Optional<String> removed(Traces.Removal order) {
    Path path = listing.path(order.name());
    return switch (order.kind()) {
      case DISK ->
          removal.disk(
              order.instance(), order.migration(), path, listing.imagesOfOthers(order.instance()));
      case PROOF -> removal.proof(order.migration(), path);
      case UNFINISHED, DIRECTORY, DOMAIN, NOTE, PORT ->
          Optional.of("nothing of that kind is removed for a migration");
    };
  }
}

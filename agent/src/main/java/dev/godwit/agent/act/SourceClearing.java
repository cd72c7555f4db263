package dev.godwit.agent.act;

import dev.godwit.agent.file.MovedFiles;
import dev.godwit.agent.guest.Listing;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.look.Look;
import dev.godwit.agent.note.Note;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.InstanceId;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.UndefineFlag;
import java.util.List;

/** What a guest that has moved leaves at its source, and that it goes. */
public final class SourceClearing {
  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final Look look;
  private final MovedFiles files;
  private final Listing listing;

  public SourceClearing(Daemon daemon, Look look, MovedFiles files, Listing listing) {
    this.daemon = daemon;
    this.look = look;
    this.files = files;
    this.listing = listing;
  }

  StepReply definition(Note note) {
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> SourceActs.unknown(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> SourceActs.unknown("fenced by " + by);
      case HostView.Seen(var _, GuestView.Active _, var _) -> SourceActs.runs();
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, var _), var _) ->
          defined ? Acts.onDomain(daemon, note, SourceClearing::undefine) : DONE;
    };
  }

  private static void undefine(Domain domain) {
    // The link goes first: a crash in between must not leave a second start.
    if (domain.autostart()) {
      domain.setAutostart(false);
    }
    domain.undefine(
        UndefineFlag.MANAGED_SAVE, UndefineFlag.SNAPSHOTS_METADATA, UndefineFlag.KEEP_NVRAM);
  }

  StepReply files(Note note, List<DiskMove> disks) {
    if (disks.isEmpty()) {
      return DONE;
    }
    InstanceId instance = InstanceId.of(note.instance());
    return switch (look.at(note)) {
      case HostView.Unknown(String why) -> SourceActs.unknown(why);
      // Only a server knows of fences.
      case HostView.Fenced(String by, var _) -> SourceActs.unknown("fenced by " + by);
      case HostView.Seen(var _, GuestView.Active _, var _) -> SourceActs.runs();
      case HostView.Seen(var _, GuestView.Inactive(boolean defined, var _, var _), var _) ->
          defined
              ? SourceActs.refused("source-defined", "no definition", "one")
              : files
                  .remove(instance, disks, listing.imagesOfOthers(instance))
                  .<StepReply>map(StepReply.Refused::new)
                  .orElse(DONE);
    };
  }
}

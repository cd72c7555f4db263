package dev.godwit.agent.guest;

import dev.godwit.agent.file.InstanceFiles;
import dev.godwit.agent.host.Daemon;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.UndefineFlag;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Takes guests away for good, with the disks that are marked as their own. */
public final class Removal {
  private static final StepReply DONE = new StepReply.Done();

  private final Daemon daemon;
  private final Moves moves;
  private final InstanceFiles files;
  private final Listing listing;

  public Removal(Daemon daemon, Moves moves, InstanceFiles files, Listing listing) {
    this.daemon = daemon;
    this.moves = moves;
    this.files = files;
    this.listing = listing;
  }

  StepReply delete(InstanceId instance) {
    return daemon.ask(Daemon.Use.ACT, c -> delete(instance, c.domain(instance.value())));
  }

  private static Refusal noDomain(InstanceId instance) {
    return new Refusal(
        "no-domain",
        instance.toString(),
        "a domain that tells which disks are its own",
        "none on this host",
        "If somebody undefined it, look for disks that are left and remove them by hand.");
  }

  /** The definition goes last: it alone tells which disks there are, should this be interrupted. */
  private StepReply delete(InstanceId instance, Domain domain) {
    if (!domain.exists()) {
      // Nothing tells which disks were its own, or whether an earlier try has removed them.
      return new StepReply.Done(Optional.of(noDomain(instance)));
    }
    Optional<Refusal> forbidden = moves.forbidDelete(domain);
    if (forbidden.isPresent()) {
      return new StepReply.Refused(forbidden.get());
    }
    boolean defined = domain.isPersistent();
    DomainXml xml = DomainXml.parse(domain.xml());
    List<Path> disks =
        Stream.concat(xml.images().stream(), xml.nvram().stream()).map(listing::path).toList();
    if (domain.isActive()) {
      domain.destroy();
    }
    Optional<Refusal> kept = files.removeOwn(instance, disks, listing.imagesOfOthers(instance));
    if (kept.isPresent()) {
      return new StepReply.Refused(kept.get());
    }
    if (defined) {
      domain.undefine(
          UndefineFlag.MANAGED_SAVE, UndefineFlag.SNAPSHOTS_METADATA, UndefineFlag.NVRAM);
    }
    return DONE;
  }
}

package dev.godwit.agent.act;

import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.MovedFiles;
import dev.godwit.agent.guest.Listing;
import dev.godwit.agent.host.LinkTrial;
import dev.godwit.core.migration.plan.DepartureFacts;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.libvirt.LibvirtException;
import java.util.List;
import java.util.Map;

/** Tells whether a guest of this host can leave it by a plan; nothing is made or changed. */
public final class Departure {
  private final MovedFiles files;
  private final Listing listing;
  private final LinkTrial link;

  public Departure(MovedFiles files, Listing listing, LinkTrial link) {
    this.files = files;
    this.listing = listing;
    this.link = link;
  }

  /** The facts, or why they cannot be had. */
  public Answer<DepartureFacts> by(TransferPlan plan, InstanceId instance) {
    try {
      return new Answer.Given<>(new DepartureFacts(kept(plan, instance), links(plan)));
    } catch (LibvirtException e) {
      return new Answer.Refused<>(refusal(instance, "libvirt's answer", e.text()));
    } catch (FileTrouble e) {
      return new Answer.Refused<>(
          refusal(instance, "disks that can be looked at", "" + e.getMessage()));
    }
  }

  private Map<String, String> kept(TransferPlan plan, InstanceId instance) {
    return plan.disks().stream().anyMatch(DiskMove::leaves)
        ? files.kept(instance, plan.disks(), listing.imagesOfOthers(instance))
        : Map.of();
  }

  /** QEMU's own address is tried as well where it is another than libvirt's. */
  private List<DepartureFacts.Link> links(TransferPlan plan) {
    return link.of(plan.destinationUri(), MoveParameters.listenAddress(plan.migrateUri()));
  }

  private static Refusal refusal(InstanceId instance, String expected, String found) {
    return new Refusal(
        "departure", instance.toString(), expected, found, "Look at the source host.");
  }
}

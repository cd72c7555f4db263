package dev.godwit.agent.guest;

import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.ImageTool;
import dev.godwit.agent.host.Daemon;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.model.DiskFormat;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerState;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.Domain;
import dev.godwit.libvirt.DomainStateReason;
import dev.godwit.libvirt.DomainXmlFlag;
import dev.godwit.libvirt.JobType;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.libvirt.StateReason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Describes a guest of this host for the pre-checks. */
public final class Describer {
  private final Daemon daemon;
  private final Hypervisors hypervisors;
  private final ImageTool images;

  public Describer(Daemon daemon, Hypervisors hypervisors, ImageTool images) {
    this.daemon = daemon;
    this.hypervisors = hypervisors;
    this.images = images;
  }

  /** Its facts, or why they cannot be had. */
  public Answer<GuestFacts> describe(InstanceId instance) {
    try {
      return new Answer.Given<>(
          daemon.ask(Daemon.Use.ACT, connection -> facts(connection, instance)));
    } catch (LibvirtException e) {
      return new Answer.Refused<>(
          e.isNoDomain()
              ? refusal("no-guest", instance, "the guest on this host", "no such domain")
              : refusal("libvirt", instance, "libvirt's answer", e.text()));
    } catch (FileTrouble | IllegalArgumentException e) {
      return new Answer.Refused<>(
          refusal("disk-image", instance, "disks that qemu-img can read", "" + e.getMessage()));
    }
  }

  private static Refusal refusal(String code, InstanceId id, String expected, String found) {
    return new Refusal(code, id.toString(), expected, found, "Look at the source host.");
  }

  private GuestFacts facts(Connection connection, InstanceId instance) {
    Domain domain = connection.domain(instance.value());
    DomainStateReason state = domain.state();
    DomainXml xml = DomainXml.parse(domain.xml());
    PowerState power = Listing.powerState(state.state());
    Optional<String> cpu =
        state.active()
            ? DomainXml.parse(domain.xml(DomainXmlFlag.MIGRATABLE)).cpu()
            : Optional.empty();
    return new GuestFacts(
        xml.name(),
        power,
        power == PowerState.PAUSED && state.reason() == StateReason.PAUSED_USER,
        xml.virtType(),
        xml.architecture(),
        xml.machine(),
        xml.emulator(),
        hypervisors.found().hypervisorVersion(),
        hypervisors.found().libvirtVersion(),
        cpu,
        xml.memoryMib(),
        xml.vcpus(),
        xml.disks().stream().map(this::disk).toList(),
        xml.immovable(),
        busy(domain, state, xml),
        xml.bridges(),
        domain.isPersistent() && domain.autostart(),
        domain.hasManagedSave());
  }

  private GuestFacts.DiskFacts disk(DomainXml.Disk disk) {
    if (!disk.kind().equals("file")) {
      return new GuestFacts.DiskFacts(
          disk.target(),
          disk.kind(),
          disk.path(),
          DiskFormat.RAW,
          0,
          0,
          disk.writable(),
          disk.shareable(),
          Optional.empty());
    }
    ImageTool.Image image = images.describe(Path.of(disk.path()));
    return new GuestFacts.DiskFacts(
        disk.target(),
        disk.kind(),
        disk.path(),
        image.format(),
        image.virtualSizeBytes(),
        image.allocatedBytes(),
        disk.writable(),
        disk.shareable(),
        image.backingFile());
  }

  private static Optional<String> busy(Domain domain, DomainStateReason state, DomainXml xml) {
    int snapshots = domain.snapshotCount();
    if (snapshots > 0) {
      return Optional.of(snapshots + " snapshots");
    }
    if (!state.active()) {
      return Optional.empty();
    }
    Optional<String> blockJob =
        xml.disks().stream()
            .map(DomainXml.Disk::target)
            .filter(target -> domain.blockJob(target).isPresent())
            .findFirst();
    if (blockJob.isPresent()) {
      return Optional.of("a block job on " + blockJob.get());
    }
    try {
      return domain.job().info().type() == JobType.NONE
          ? Optional.empty()
          : Optional.of("a job of libvirt's");
    } catch (LibvirtException e) {
      if (e.isOperationUnsupported()) {
        return Optional.of("it is arriving from another host");
      }
      throw e;
    }
  }

  /** The guest's file-backed disks. */
  static List<String> paths(GuestFacts guest) {
    return guest.disks().stream()
        .filter(disk -> disk.kind().equals("file"))
        .map(GuestFacts.DiskFacts::path)
        .toList();
  }
}

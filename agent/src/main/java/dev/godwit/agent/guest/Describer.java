package dev.godwit.agent.guest;

import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.ImageTool;
import dev.godwit.agent.host.Daemon;
import dev.godwit.agent.host.HostTrouble;
import dev.godwit.core.migration.Refusals;
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
import java.nio.file.FileSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Describes a guest of this host for the pre-checks. */
public final class Describer {
  private final Daemon daemon;
  private final Hypervisors hypervisors;
  private final ImageTool images;
  private final FileSystem system;
  private final Leases leases;

  public Describer(
      Daemon daemon, Hypervisors hypervisors, ImageTool images, FileSystem system, Leases leases) {
    this.leases = leases;
    this.daemon = daemon;
    this.hypervisors = hypervisors;
    this.images = images;
    this.system = system;
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
    } catch (HostTrouble e) {
      return new Answer.Refused<>(
          refusal(Refusals.HOST_TROUBLE, instance, "a host in order", "" + e.getMessage()));
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
    List<GuestFacts.DiskFacts> disks = new ArrayList<>();
    int innerSnapshots = 0;
    for (DomainXml.Disk disk : xml.disks()) {
      Optional<ImageTool.Image> image = image(disk);
      disks.add(disk(disk, image));
      innerSnapshots += disk.writable() ? image.map(ImageTool.Image::innerSnapshots).orElse(0) : 0;
    }
    xml.nvram().map(Describer::nvram).ifPresent(disks::add);
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
        xml.unevenMemory(),
        xml.vcpus(),
        disks,
        xml.immovable(),
        busy(domain, state, xml, innerSnapshots),
        xml.bridges(),
        domain.isPersistent() && domain.autostart(),
        domain.hasManagedSave(),
        xml.bootFiles(),
        leases.held(disks));
  }

  private static GuestFacts.DiskFacts nvram(String file) {
    return new GuestFacts.DiskFacts(
        GuestFacts.NVRAM,
        GuestFacts.NVRAM,
        file,
        DiskFormat.RAW,
        0,
        0,
        true,
        false,
        Optional.empty(),
        Optional.empty());
  }

  private Optional<ImageTool.Image> image(DomainXml.Disk disk) {
    return disk.kind().equals("file")
        ? Optional.of(images.describe(system.getPath(disk.path()), DiskFormat.of(disk.format())))
        : Optional.empty();
  }

  private GuestFacts.DiskFacts disk(DomainXml.Disk disk, Optional<ImageTool.Image> image) {
    return new GuestFacts.DiskFacts(
        disk.target(),
        disk.kind(),
        disk.path(),
        image.map(ImageTool.Image::format).orElse(DiskFormat.RAW),
        image.map(ImageTool.Image::virtualSizeBytes).orElse(0L),
        image.map(ImageTool.Image::allocatedBytes).orElse(0L),
        disk.writable(),
        disk.shareable(),
        image.flatMap(ImageTool.Image::backingFile),
        disk.writable()
            ? image
                .flatMap(ImageTool.Image::backingFile)
                .map(backing -> images.chain(system.getPath(backing)).fingerprint())
            : readOnly(disk));
  }

  private Optional<String> readOnly(DomainXml.Disk disk) {
    return switch (disk.kind()) {
      case "file" -> Optional.of(images.chain(system.getPath(disk.path())).fingerprint());
      case "block" -> medium(disk);
      default -> Optional.empty();
    };
  }

  /** A drive may be empty. */
  private Optional<String> medium(DomainXml.Disk disk) {
    try {
      return Optional.of(images.chain(system.getPath(disk.path())).fingerprint());
    } catch (FileTrouble none) {
      return Optional.empty();
    }
  }

  /** Snapshots inside an image count: a copy of the disk would leave them behind. */
  private static Optional<String> busy(
      Domain domain, DomainStateReason state, DomainXml xml, int innerSnapshots) {
    int snapshots = Math.max(domain.snapshotCount(), innerSnapshots);
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
}

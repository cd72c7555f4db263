package dev.godwit.wire;

import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.PowerState;
import dev.godwit.wire.proto.CreateGuestRequest;
import dev.godwit.wire.proto.DiskSpecMessage;
import dev.godwit.wire.proto.GuestListingMessage;
import java.util.Optional;

/** Guests outside migrations. */
public final class GuestMapping {
  private GuestMapping() {}

  /** A new guest for the wire. */
  public static CreateGuestRequest message(GuestTask task, GuestSpec spec) {
    CreateGuestRequest.Builder to =
        CreateGuestRequest.newBuilder()
            .setInstance(task.instance().toString())
            .setTurn(task.turn())
            .setName(spec.name())
            .setMemoryMib(spec.memoryMib())
            .setVcpus(spec.vcpus())
            .addAllDisks(spec.disks().stream().map(GuestMapping::disk).toList())
            .addAllNetworkAddresses(spec.networkAddresses());
    switch (spec.boot()) {
      case BootSpec.Kernel(String kernel, String initrd, String arguments) ->
          to.setKernel(kernel).setInitrd(initrd).setArguments(arguments);
      case BootSpec.Disk() -> {}
    }
    return to.build();
  }

  private static DiskSpecMessage disk(DiskSpec disk) {
    DiskSpecMessage.Builder to =
        DiskSpecMessage.newBuilder()
            .setTarget(disk.target())
            .setSharedDirectory(disk.directory() == DirectoryKind.SHARED)
            .setFormat(disk.format().word())
            .setSizeBytes(disk.sizeBytes());
    disk.backingFile().ifPresent(to::setBackingFile);
    return to.build();
  }

  /** The instance that a request is about, checked. */
  public static InstanceId instance(String text) {
    return Checked.instance(text);
  }

  /** Whose task it is that is asked for, checked. */
  public static GuestTask task(String instance, long turn) {
    if (turn <= 0) {
      throw new BadMessage(
          "turn: expected a positive number, found %s; is the server of this version?"
              .formatted(Long.toUnsignedString(turn)));
    }
    return new GuestTask(Checked.instance(instance), turn);
  }

  /** What is asked of a guest's power, checked. */
  public static PowerAction action(String text) {
    return Checked.word(PowerAction.class, text);
  }

  /** A new guest from the wire, checked. */
  public static GuestSpec spec(CreateGuestRequest from) {
    BootSpec boot =
        from.hasKernel()
            ? new BootSpec.Kernel(
                Checked.absolutePath(from.getKernel()),
                Checked.absolutePath(from.getInitrd()),
                from.getArguments())
            : new BootSpec.Disk();
    try {
      return new GuestSpec(
          from.getName(),
          from.getMemoryMib(),
          from.getVcpus(),
          boot,
          Checked.atMost(Checked.MOST_DISKS, from.getDisksList(), "disks").stream()
              .map(GuestMapping::disk)
              .toList(),
          Checked.atMost(16, from.getNetworkAddressesList(), "network cards"));
    } catch (BadMessage e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new BadMessage(String.valueOf(e.getMessage()));
    }
  }

  private static DiskSpec disk(DiskSpecMessage from) {
    return new DiskSpec(
        from.getTarget(),
        from.getSharedDirectory() ? DirectoryKind.SHARED : DirectoryKind.LOCAL,
        PlanMapping.format(from.getFormat()),
        from.getSizeBytes(),
        from.hasBackingFile()
            ? Optional.of(Checked.absolutePath(from.getBackingFile()))
            : Optional.empty());
  }

  /** A domain of a host for the wire. */
  public static GuestListingMessage message(GuestListing guest) {
    return GuestListingMessage.newBuilder()
        .setInstance(guest.id().toString())
        .setName(guest.name())
        .setPowerState(guest.powerState().name())
        .setMemoryMib(guest.memoryMib())
        .setVcpus(guest.vcpus())
        .setPid(guest.pid())
        .setOurs(guest.ours())
        .build();
  }

  /** A domain of a host from the wire, checked. */
  public static GuestListing guest(GuestListingMessage from) {
    return new GuestListing(
        Checked.instance(from.getInstance()),
        from.getName(),
        Checked.word(PowerState.class, from.getPowerState()),
        from.getMemoryMib(),
        from.getVcpus(),
        from.getPid(),
        from.getOurs());
  }
}

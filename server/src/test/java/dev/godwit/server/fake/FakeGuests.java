package dev.godwit.server.fake;

import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskLeases;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.model.BootSpec;
import dev.godwit.core.model.DirectoryKind;
import dev.godwit.core.model.DiskSpec;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.Refusal;
import java.util.List;
import java.util.Optional;

/** Owners' wishes, carried out on a fake host; and how its agent describes a guest. */
public final class FakeGuests {
  private static final StepReply DONE = new StepReply.Done();

  private FakeGuests() {}

  /** A domain that is not Godwit's. */
  public record Foreign(InstanceId id, String name, int memoryMib) {
    GuestSpec spec() {
      return new GuestSpec(name, memoryMib, 1, new BootSpec.Disk(), List.of(), List.of());
    }
  }

  static StepReply create(FakeHost host, InstanceId instance, GuestSpec spec) {
    if (!host.guests.containsKey(instance)) {
      FakeGuest guest = new FakeGuest(instance, spec);
      guest.run(StateReason.OTHER);
      host.guests.put(instance, guest);
      spec.disks().forEach(disk -> host.files.add(path(instance, disk)));
    }
    return DONE;
  }

  static StepReply power(FakeHost host, InstanceId instance, PowerAction action) {
    FakeGuest guest = host.guests.get(instance);
    if (guest == null) {
      return FakeActs.refused("no-guest", instance.toString(), "a domain", "none");
    }
    if (guest.job != JobView.NONE) {
      return FakeActs.refused("guest-moves", instance.toString(), "no job", "a migration");
    }
    switch (action) {
      case START, REBOOT_HARD -> guest.run(StateReason.OTHER);
      case STOP -> guest.stop(GuestView.End.SHUT_DOWN);
      case PAUSE -> guest.pause(StateReason.USER);
      case UNPAUSE, REBOOT_SOFT -> guest.run(StateReason.OTHER);
    }
    return DONE;
  }

  static StepReply delete(FakeHost host, InstanceId instance) {
    FakeGuest guest = host.guests.remove(instance);
    if (guest == null) {
      Refusal noDomain = new Refusal("no-domain", instance.toString(), "a domain", "none", "Look.");
      return new StepReply.Done(Optional.of(noDomain));
    }
    guest.spec.disks().forEach(disk -> host.files.remove(path(instance, disk)));
    return DONE;
  }

  static GuestFacts facts(FakeGuest guest) {
    return new GuestFacts(
        guest.spec.name(),
        guest.power(),
        guest.state == RunState.PAUSED && guest.reason == StateReason.USER,
        "kvm",
        "x86_64",
        "pc-i440fx-7.2",
        "/usr/bin/qemu-system-x86_64",
        7_002_000,
        9_000_000,
        Optional.empty(),
        guest.spec.memoryMib(),
        false,
        guest.spec.vcpus(),
        guest.spec.disks().stream().map(disk -> facts(guest.id, disk)).toList(),
        List.of(),
        Optional.empty(),
        List.of(),
        guest.autostart,
        false,
        List.of(),
        DiskLeases.UNKNOWN);
  }

  private static GuestFacts.DiskFacts facts(InstanceId instance, DiskSpec disk) {
    return new GuestFacts.DiskFacts(
        disk.target(),
        "file",
        path(instance, disk),
        disk.format(),
        disk.sizeBytes(),
        disk.sizeBytes() / 2,
        true,
        false,
        disk.backingFile(),
        disk.backingFile().map(path -> "fingerprint of " + path));
  }

  private static String path(InstanceId instance, DiskSpec disk) {
    String directory = disk.directory() == DirectoryKind.SHARED ? "shared" : "local";
    return "/%s/%s/%s".formatted(directory, instance, disk.target());
  }
}

package dev.godwit.server.fake;

import dev.godwit.core.migration.plan.DepartureFacts;
import dev.godwit.core.migration.plan.DestinationFacts;
import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import dev.godwit.core.migration.plan.DestinationFacts.Room;
import dev.godwit.core.migration.plan.DiskLeases;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.HostInventory;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One host: its guests, files and what its agent remembers. Guarded by its world. */
final class FakeHost {
  final HostName name;
  final Map<InstanceId, FakeGuest> guests = new HashMap<>();

  /** Paths of disks and directories that are there. */
  final Set<String> files = new TreeSet<>();

  /** Directories that a migration marked as its own. */
  final Map<String, MigrationId> marked = new HashMap<>();

  final Map<MigrationId, TransferRecord> transfers = new HashMap<>();

  /** Orders of these acts are refused with these reasons. */
  final Map<String, Refusal> refusing = new HashMap<>();

  /** How often each wish of an owner came here. */
  final Map<String, Integer> asked = new HashMap<>();

  /** Asking for these acts fails in the server itself. */
  final Set<String> breaking = new HashSet<>();

  /** Calls that are not answered here, while others are. */
  final Set<String> ignoring = new HashSet<>();

  /** What stands beside disks, to be looked for by candidates. */
  final Set<ProofId> proofs = new HashSet<>();

  /** Paths of disks that may not be removed here. */
  final Set<String> kept = new TreeSet<>();

  /** Hosts that this one does not reach. */
  final Set<HostName> cut = new HashSet<>();

  private final Map<InstanceId, Long> turns = new HashMap<>();
  final Map<MigrationId, Epoch> fences = new HashMap<>();
  boolean answers = true;
  CpuVerdict cpu = CpuVerdict.COMPATIBLE;
  long memoryMib = 8192;
  int vcpus = 8;
  long freeBytes = 1L << 40;

  /** What an agent would find of Godwit's. */
  final List<Trace> traces = new ArrayList<>();

  FakeHost(HostName name) {
    this.name = name;
  }

  /** False for a task of the past. */
  boolean takes(GuestTask task) {
    return turns.merge(task.instance(), task.turn(), Math::max) == task.turn();
  }

  /** False for an owner of the past. */
  boolean accepts(MigrationId migration, Epoch epoch) {
    Epoch known = fences.getOrDefault(migration, new Epoch(0));
    if (epoch.compareTo(known) < 0) {
      return false;
    }
    fences.put(migration, epoch);
    return true;
  }

  HostView view(MigrationId migration, InstanceId instance) {
    GuestView guest =
        Optional.ofNullable(guests.get(instance))
            .map(FakeGuest::view)
            .orElse(new GuestView.Inactive(false, GuestView.End.UNKNOWN, false));
    return new HostView.Seen(
        Instant.now(), guest, transfers.getOrDefault(migration, new TransferRecord.NotStarted()));
  }

  HostInventory inventory() {
    return new HostInventory(
        name,
        name + ".example",
        "192.0.2.7",
        "127.0.0.1:1",
        "QEMU",
        7_002_000,
        9_000_000,
        List.of("kvm", "qemu"),
        "{\"arch\": \"x86_64\", \"model\": \"Nehalem\"}",
        vcpus,
        memoryMib,
        memoryMib,
        100,
        80,
        93_784,
        guests.values().stream().map(FakeGuest::listing).toList(),
        "machine-of-" + name);
  }

  DepartureFacts departure(TransferPlan plan) {
    return new DepartureFacts(
        plan.disks().stream()
            .filter(disk -> kept.contains(disk.path()))
            .collect(Collectors.toMap(DiskMove::target, disk -> "no marker beside it")),
        List.of(
            new DepartureFacts.Link(
                "tcp " + plan.destination(),
                cut.contains(plan.destination()) ? Optional.of("no answer") : Optional.empty())));
  }

  DestinationFacts facts(List<String> paths) {
    Map<String, Room> room = new HashMap<>();
    paths.forEach(path -> room.put(path, new Room("/dev/vda1 254:1", freeBytes)));
    return new DestinationFacts(
        "QEMU",
        7_002_000,
        9_000_000,
        List.of("kvm", "qemu"),
        true,
        cpu,
        cpu == CpuVerdict.INCOMPATIBLE ? "missing feature avx512f" : "",
        memoryMib,
        paths.stream().filter(path -> path.startsWith("/shared/")).toList(),
        room,
        Map.of(),
        List.of(),
        paths.stream()
            .filter(path -> !path.startsWith("/shared/") && files.contains(path))
            .toList(),
        Optional.empty(),
        List.of(),
        false,
        true,
        false,
        DiskLeases.UNKNOWN,
        "qemu+tcp://" + name + "/system",
        "tcp:" + name);
  }
}

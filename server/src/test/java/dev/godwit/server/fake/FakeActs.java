package dev.godwit.server.fake;

import dev.godwit.core.migration.Act;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.Refusals;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DiskMove;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.Refusal;
import java.util.List;
import java.util.Optional;

/** What an agent does when it is ordered: desired states, so that a repeat is a no-op. */
final class FakeActs {
  private static final StepReply DONE = new StepReply.Done();

  private final FakeWorld world;

  FakeActs(FakeWorld world) {
    this.world = world;
  }

  StepReply act(FakeHost host, Order order) {
    Optional<FakeGuest> guest = Optional.ofNullable(host.guests.get(order.instance()));
    return switch (order.act()) {
      case Act.PrepareDirectories(List<DiskMove> disks) -> mark(host, order, disks);
      case Act.PrepareDisks(List<DiskMove> disks) -> files(host, disks, true);
      case Act.DisarmAutostart() -> autostart(guest, false);
      case Act.StartTransfer(TransferPlan plan) -> start(host, order, plan);
      case Act.AbortTransfer() -> abort(host, order);
      case Act.StartPostCopy(), Act.PauseToComplete() -> {
        world.complete(order.migration());
        yield DONE;
      }
      case Act.RecoverPostCopy _ -> DONE;
      case Act.FenceSource _ -> fence(guest);
      case Act.SuspendStray() -> {
        guest.filter(it -> it.active).ifPresent(it -> it.pause(StateReason.USER));
        yield DONE;
      }
      case Act.ResumeSource() -> resume(guest);
      case Act.RunAtDestination(boolean resume, boolean autostart) ->
          runHere(order, guest, resume, autostart);
      case Act.ClearDestinationDomain() -> clear(host, guest);
      case Act.ClearDestinationFiles(List<DiskMove> disks) -> {
        host.marked.values().removeIf(order.migration()::equals);
        yield files(host, disks.stream().filter(DiskMove::copied).toList(), false);
      }
      case Act.RestoreSource(boolean autostart, boolean resume, boolean _) -> {
        autostart(guest, autostart);
        yield resume ? resume(guest) : DONE;
      }
      case Act.ClearSourceDefinition() -> undefine(host, guest);
      case Act.ClearSourceFiles(List<DiskMove> disks) ->
          files(host, disks.stream().filter(DiskMove::copied).toList(), false);
      case Act.OwnDestinationFiles _ -> {
        host.marked.values().removeIf(order.migration()::equals);
        yield DONE;
      }
    };
  }

  private static StepReply mark(FakeHost host, Order order, List<DiskMove> disks) {
    disks.forEach(disk -> host.marked.put(disk.path(), order.migration()));
    return DONE;
  }

  private static StepReply files(FakeHost host, List<DiskMove> disks, boolean there) {
    List<String> paths = disks.stream().map(DiskMove::path).toList();
    if (there) {
      host.files.addAll(paths);
    } else {
      host.files.removeAll(paths);
    }
    return DONE;
  }

  private static StepReply autostart(Optional<FakeGuest> guest, boolean wanted) {
    guest.ifPresent(it -> it.autostart = wanted);
    return DONE;
  }

  private StepReply start(FakeHost source, Order order, TransferPlan plan) {
    TransferRecord record =
        source.transfers.getOrDefault(order.migration(), new TransferRecord.NotStarted());
    if (!(record instanceof TransferRecord.NotStarted)) {
      return DONE;
    }
    FakeGuest guest = source.guests.get(order.instance());
    if (guest == null || !guest.active) {
      return refused("no-guest", order.instance().toString(), "an active guest", "none");
    }
    guest.job = JobView.OUTGOING;
    source.transfers.put(order.migration(), new TransferRecord.Started());
    FakeGuest incoming = new FakeGuest(order.instance(), guest.spec);
    incoming.defined = false;
    incoming.pause(StateReason.STARTING_UP);
    incoming.job = JobView.INCOMING;
    world.host(plan.destination()).guests.put(order.instance(), incoming);
    world.copyStarted(new FakeWorld.Copy(order.migration(), order.instance(), source, plan));
    return DONE;
  }

  /** The copy ends well: libvirt's Finish and Confirm. */
  static void complete(FakeWorld world, FakeWorld.Copy copy) {
    FakeGuest source = copy.source().guests.get(copy.instance());
    FakeGuest there = world.host(copy.plan().destination()).guests.get(copy.instance());
    if (source == null || there == null || source.job != JobView.OUTGOING) {
      return;
    }
    source.mayHaveRun = true;
    source.stop(GuestView.End.MIGRATED);
    there.job = JobView.NONE;
    there.defined = true;
    if (copy.plan().handOver() == HandOver.STRICT || copy.plan().ownerPaused()) {
      there.pause(StateReason.USER);
    } else {
      there.run(StateReason.MIGRATED);
    }
    copy.source().transfers.put(copy.migration(), new TransferRecord.Ended(""));
  }

  private StepReply abort(FakeHost source, Order order) {
    FakeGuest guest = source.guests.get(order.instance());
    TransferRecord record =
        source.transfers.getOrDefault(order.migration(), new TransferRecord.NotStarted());
    if (record instanceof TransferRecord.Ended || record instanceof TransferRecord.Forbidden) {
      return DONE;
    }
    if (guest != null && guest.job == JobView.OUTGOING) {
      guest.job = JobView.NONE;
      world.dropIncoming(order.migration(), order.instance());
    }
    source.transfers.put(
        order.migration(),
        record instanceof TransferRecord.Started
            ? new TransferRecord.Ended("operation aborted")
            : new TransferRecord.Forbidden("aborted before it began"));
    return DONE;
  }

  private static StepReply fence(Optional<FakeGuest> guest) {
    if (guest.isPresent() && guest.get().running()) {
      return refused(Refusals.SOURCE_RUNS, "source", "a paused or inactive guest", "a running one");
    }
    guest.filter(it -> it.active).ifPresent(it -> it.stop(GuestView.End.MIGRATED));
    return DONE;
  }

  private static StepReply resume(Optional<FakeGuest> guest) {
    guest.filter(it -> it.active).ifPresent(it -> it.run(StateReason.OTHER));
    return DONE;
  }

  private static StepReply runHere(
      Order order, Optional<FakeGuest> guest, boolean resume, boolean autostart) {
    if (guest.isEmpty() || !guest.get().active) {
      return refused("no-guest", order.instance().toString(), "the guest that arrived", "none");
    }
    FakeGuest here = guest.get();
    here.defined = true;
    here.autostart = autostart;
    if (resume && here.state == RunState.PAUSED) {
      here.run(StateReason.OTHER);
    }
    return DONE;
  }

  private static StepReply clear(FakeHost host, Optional<FakeGuest> guest) {
    if (guest.isPresent() && guest.get().running()) {
      return refused("guest-runs", host.name.value(), "no running guest", "one that runs");
    }
    guest.ifPresent(it -> host.guests.remove(it.id));
    return DONE;
  }

  private static StepReply undefine(FakeHost host, Optional<FakeGuest> guest) {
    if (guest.isPresent() && guest.get().active) {
      return refused("guest-active", host.name.value(), "an inactive guest", "an active one");
    }
    guest.ifPresent(it -> host.guests.remove(it.id));
    return DONE;
  }

  static StepReply refused(String code, String subject, String expected, String found) {
    return new StepReply.Refused(
        new Refusal(code, subject, expected, found, "Look at the host, then try again."));
  }
}

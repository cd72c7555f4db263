package dev.godwit.server.fake;

import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.plan.DestinationFacts.CpuVerdict;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;

/** Several hosts that outlive the servers which are linked to them. */
public final class FakeWorld {
  private final Map<HostName, FakeHost> hosts = new LinkedHashMap<>();
  private final Map<MigrationId, Copy> copies = new HashMap<>();
  private final List<Order> orders = new ArrayList<>();
  private final List<Order> refused = new ArrayList<>();
  private final List<Order> stale = new ArrayList<>();
  private final FakeActs acts = new FakeActs(this);
  private volatile Optional<CyclicBarrier> meeting = Optional.empty();
  private boolean copiesHeld;
  private boolean nextCopiesFail;

  /** One move under way. */
  record Copy(MigrationId migration, InstanceId instance, FakeHost source, TransferPlan plan) {}

  /** A world of these hosts. */
  public FakeWorld(String... names) {
    for (String name : names) {
      hosts.put(new HostName(name), new FakeHost(new HostName(name)));
    }
  }

  synchronized List<FakeHost> all() {
    return List.copyOf(hosts.values());
  }

  FakeHost host(HostName name) {
    FakeHost host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException("no host " + name);
    }
    return host;
  }

  private FakeHost host(String name) {
    return host(new HostName(name));
  }

  FakeActs acts() {
    return acts;
  }

  synchronized void note(Order order) {
    orders.add(order);
  }

  synchronized void noteRefused(Order order) {
    refused.add(order);
  }

  synchronized void noteStale(Order order) {
    stale.add(order);
  }

  /** Names of the acts that an owner of the past ordered for an instance, and nobody did. */
  public synchronized List<String> stale(InstanceId instance) {
    return names(stale, instance);
  }

  /** How often orders for an instance were refused because of {@link #refuse}. */
  public synchronized long refused(InstanceId instance) {
    return refused.stream().filter(order -> order.instance().equals(instance)).count();
  }

  /** Names of the acts that were ordered for an instance, in order. */
  public synchronized List<String> ordered(InstanceId instance) {
    return names(orders, instance);
  }

  private static List<String> names(List<Order> orders, InstanceId instance) {
    return orders.stream()
        .filter(order -> order.instance().equals(instance))
        .map(order -> order.act().getClass().getSimpleName())
        .toList();
  }

  /** Something of Godwit's that an agent finds on a host. */
  public synchronized void leave(String host, Trace trace) {
    host(host).traces.add(trace);
  }

  /** From now on so many hosts tell what they hold only while all of them are asked. */
  public void tellTogether(int many) {
    meeting = Optional.of(new CyclicBarrier(many));
  }

  /** Waits for the others that tell what they hold. */
  void meets() {
    meeting.ifPresent(others -> {
      try {
        others.await();
      } catch (InterruptedException | BrokenBarrierException e) {
        throw new IllegalStateException("asked alone", e);
      }
    });
  }

  /** A silent host neither answers nor announces itself. */
  public synchronized void answers(String host, boolean answers) {
    host(host).answers = answers;
  }

  /** Of each migration, by an owner that the record knows nothing of. */
  public synchronized void sawALaterEpoch(String host) {
    host(host).fences.replaceAll((migration, epoch) -> epoch.next());
  }

  /** Its agent made a copy of which the record knows nothing. */
  public synchronized void remembersACopy(String host, MigrationId migration) {
    host(host).transfers.put(migration, new TransferRecord.Started());
  }

  public synchronized void incompatible(String host) {
    host(host).cpu = CpuVerdict.INCOMPATIBLE;
  }

  /** A disk that its host will not remove, whoever copied it. */
  public synchronized void keep(String host, String path) {
    host(host).kept.add(path);
  }

  /** The way from one host to the other is gone; the server still reaches both. */
  public synchronized void cut(String from, String to) {
    host(from).cut.add(new HostName(to));
  }

  public synchronized void memoryMib(String host, long memoryMib) {
    host(host).memoryMib = memoryMib;
  }

  public synchronized void vcpus(String host, int vcpus) {
    host(host).vcpus = vcpus;
  }

  /** Room on the one file system of a host, as its agent tells. */
  public synchronized void freeBytes(String host, long bytes) {
    host(host).freeBytes = bytes;
  }

  /** Refuses an act from now on; a null-free way to let it pass again is {@link #allow}. */
  public synchronized void refuse(String host, String act, String code) {
    host(host)
        .refusing
        .put(act, new Refusal(code, host, "a good day", "a bad one", "Wait for tomorrow."));
  }

  /** How often a call (Create, Power, Delete, Adopt, WriteMarkers) came to a host. */
  public synchronized int asked(String host, String wish) {
    return host(host).asked.getOrDefault(wish, 0);
  }

  /** Asking for this act fails in the server itself, until it is allowed. */
  public synchronized void breakDown(String host, String act) {
    host(host).breaking.add(act);
  }

  /** A call that a host does not answer, until it is allowed; it answers others. */
  public synchronized void ignore(String host, String call) {
    host(host).ignoring.add(call);
  }

  /** Proofs of what is shared that stand on a host. */
  public synchronized int proofs(String host) {
    return host(host).proofs.size();
  }

  public synchronized void allow(String host, String act) {
    host(host).ignoring.remove(act);
    host(host).refusing.remove(act);
    host(host).breaking.remove(act);
  }

  /** Copies go on until {@link #finishCopies}, an abort or a forced end. */
  public synchronized void holdCopies() {
    copiesHeld = true;
  }

  /** Copies end with libvirt's error from now on; the guest stays where it is. */
  public synchronized void failCopies() {
    nextCopiesFail = true;
  }

  public synchronized void finishCopies() {
    copiesHeld = false;
    List.copyOf(copies.keySet()).forEach(this::complete);
  }

  synchronized void copyStarted(Copy copy) {
    copies.put(copy.migration(), copy);
    if (nextCopiesFail) {
      copies.remove(copy.migration());
      FakeGuest guest = copy.source().guests.get(copy.instance());
      if (guest != null) {
        guest.job = dev.godwit.core.migration.transfer.JobView.NONE;
      }
      host(copy.plan().destination()).guests.remove(copy.instance());
      copy.source()
          .transfers
          .put(copy.migration(), new TransferRecord.Ended("internal error: the network broke"));
    } else if (!copiesHeld) {
      complete(copy.migration());
    }
  }

  synchronized void complete(MigrationId migration) {
    Copy copy = copies.remove(migration);
    if (copy != null) {
      FakeActs.complete(this, copy);
    }
  }

  synchronized void dropIncoming(MigrationId migration, InstanceId instance) {
    Copy copy = copies.remove(migration);
    if (copy != null) {
      host(copy.plan().destination()).guests.remove(instance);
    }
  }

  /** Somebody moves a guest, and tells nobody. */
  public synchronized void moveBehind(InstanceId instance, String from, String to) {
    FakeGuest guest = host(from).guests.remove(instance);
    if (guest != null) {
      host(to).guests.put(instance, guest);
    }
  }

  /** Somebody undefines a guest, and tells nobody. */
  public synchronized void undefine(String host, InstanceId instance) {
    host(host).guests.remove(instance);
  }

  /** The guest's own end, as its host would tell; a copy of it ends with it. */
  public synchronized void shutDown(InstanceId instance) {
    List.copyOf(copies.values()).stream()
        .filter(copy -> copy.instance().equals(instance))
        .forEach(copy -> {
          copies.remove(copy.migration());
          copy.source()
              .transfers
              .put(copy.migration(), new TransferRecord.Ended("domain is not running"));
        });
    for (FakeHost host : hosts.values()) {
      FakeGuest guest = host.guests.get(instance);
      if (guest != null && guest.active) {
        guest.stop(dev.godwit.core.migration.transfer.GuestView.End.SHUT_DOWN);
      }
    }
  }

  /** A domain that Godwit never heard of. */
  public synchronized void foreign(String host, FakeGuests.Foreign guest) {
    FakeGuest there = new FakeGuest(guest.id(), guest.spec());
    there.ours = false;
    there.run(dev.godwit.core.migration.transfer.StateReason.OTHER);
    host(host).guests.put(guest.id(), there);
  }

  /** Hosts on which the instance runs now. */
  public synchronized List<String> runningOn(InstanceId instance) {
    return hosts.values().stream()
        .filter(host ->
            Optional.ofNullable(host.guests.get(instance)).map(FakeGuest::running).orElse(false))
        .map(host -> host.name.value())
        .toList();
  }

  /** Everything of an instance on a host: domain, disks, marks. */
  public synchronized List<String> tracesOn(String name, InstanceId instance) {
    FakeHost host = host(name);
    List<String> traces = new ArrayList<>();
    if (host.guests.containsKey(instance)) {
      traces.add("domain");
    }
    host.files.stream()
        .filter(path -> path.startsWith("/local/") && path.contains(instance.toString()))
        .forEach(traces::add);
    host.marked.keySet().stream()
        .filter(path -> path.contains(instance.toString()))
        .forEach(path -> traces.add("mark " + path));
    return traces;
  }
}

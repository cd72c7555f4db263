package dev.godwit.server.fake;

import dev.godwit.core.migration.Fencing;
import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DepartureFacts;
import dev.godwit.core.migration.plan.DestinationFacts;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.GuestListing;
import dev.godwit.core.model.GuestSpec;
import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.PowerAction;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Trace;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Guests;
import dev.godwit.core.port.Hosts;
import dev.godwit.core.port.Traces;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The ports over a fake world, through one server's link. */
final class FakeHosts implements Hosts, Guests, Traces {
  private final FakeWorld world;
  private final Freezer freezer;

  FakeHosts(FakeWorld world, Freezer freezer) {
    this.world = world;
    this.freezer = freezer;
  }

  private <T> T call(
      HostName name,
      InstanceId instance,
      String call,
      Function<FakeHost, T> work,
      Supplier<T> silent) {
    freezer.pass(instance, call, Freezer.When.BEFORE);
    T reply;
    synchronized (world) {
      FakeHost host = world.host(name);
      reply = host.answers ? work.apply(host) : silent.get();
    }
    freezer.pass(instance, call, Freezer.When.AFTER);
    return reply;
  }

  @Override
  public boolean answers(HostName host, String agentTarget) {
    synchronized (world) {
      return world.host(host).answers;
    }
  }

  private static StepReply silence(HostName host) {
    return new StepReply.Unanswered(host + " is silent");
  }

  private static Refusal refusal(String code, HostName host) {
    return new Refusal(code, host.value(), "what is there", "nothing", "Look again.");
  }

  @Override
  public StepReply execute(Order order) {
    String act = order.act().getClass().getSimpleName();
    return call(
        order.host(),
        order.instance(),
        act,
        host -> {
          if (!host.accepts(order.migration(), order.epoch())) {
            world.noteStale(order);
            return new StepReply.Refused(refusal(Fencing.STALE_EPOCH, host.name));
          }
          if (host.breaking.contains(act)) {
            throw new IllegalStateException(act + " breaks down");
          }
          Refusal refusal = host.refusing.get(act);
          if (refusal != null) {
            world.noteRefused(order);
            return new StepReply.Refused(refusal);
          }
          world.note(order);
          return world.acts().act(host, order);
        },
        () -> silence(order.host()));
  }

  @Override
  public HostView observe(HostName host, Migration migration) {
    return call(
        host,
        migration.instance(),
        "Observe",
        it -> {
          // It tells the epoch as an order does; unlike an order it is answered under any.
          var _ = it.accepts(migration.id(), migration.epoch());
          return it.view(migration.id(), migration.instance());
        },
        () -> new HostView.Unknown(host + " is silent"));
  }

  @Override
  public Answer<GuestFacts> describe(HostName source, InstanceId instance) {
    return call(
        source,
        instance,
        "Describe",
        host ->
            Optional.ofNullable(host.guests.get(instance))
                .<Answer<GuestFacts>>map(guest -> new Answer.Given<>(FakeGuests.facts(guest)))
                .orElseGet(() -> new Answer.Refused<>(refusal("no-guest", source))),
        () -> new Answer.Silent<>(source + " is silent"));
  }

  @Override
  public Answer<List<String>> writeMarkers(HostName source, ProofId proof, GuestFacts guest) {
    return mark(source, "WriteMarkers", host -> host.proofs.add(proof));
  }

  @Override
  public Answer<List<String>> clearMarkers(HostName source, ProofId proof, GuestFacts guest) {
    return mark(source, "ClearMarkers", host -> host.proofs.remove(proof));
  }

  private Answer<List<String>> mark(HostName source, String call, Consumer<FakeHost> work) {
    synchronized (world) {
      FakeHost host = world.host(source);
      host.asked.merge(call, 1, Integer::sum);
      Refusal refusal = host.refusing.get(call);
      if (!host.answers || host.ignoring.contains(call)) {
        return new Answer.Silent<>(source + " is silent");
      }
      if (refusal != null) {
        return new Answer.Refused<>(refusal);
      }
      work.accept(host);
      return new Answer.Given<>(List.of());
    }
  }

  @Override
  public Answer<DestinationFacts> assess(
      HostName destination, ProofId proof, InstanceId instance, GuestFacts guest) {
    return call(
        destination,
        instance,
        "Assess",
        host ->
            new Answer.Given<>(
                host.facts(guest.disks().stream().map(GuestFacts.DiskFacts::path).toList())),
        () -> new Answer.Silent<>(destination + " is silent"));
  }

  @Override
  public Answer<DepartureFacts> depart(HostName source, InstanceId instance, TransferPlan plan) {
    return call(
        source,
        instance,
        "Depart",
        host -> new Answer.Given<>(host.departure(plan)),
        () -> new Answer.Silent<>(source + " is silent"));
  }

  @Override
  public Answer<List<Trace>> traces(HostName name) {
    world.meets();
    synchronized (world) {
      FakeHost host = world.host(name);
      return host.answers
          ? new Answer.Given<>(List.copyOf(host.traces))
          : new Answer.Silent<>(name + " is silent");
    }
  }

  @Override
  public StepReply remove(Traces.Removal removal) {
    return call(
        removal.host(),
        removal.instance(),
        "Remove",
        host -> {
          if (!host.accepts(removal.migration(), removal.epoch())) {
            return new StepReply.Refused(refusal(Fencing.STALE_EPOCH, host.name));
          }
          Refusal refusal = host.refusing.get("Remove");
          if (refusal != null) {
            return new StepReply.Refused(refusal);
          }
          host.traces.removeIf(
              it -> it.kind() == removal.kind() && it.name().equals(removal.name()));
          return new StepReply.Done();
        },
        () -> silence(removal.host()));
  }

  @Override
  public StepReply create(HostName name, GuestTask task, GuestSpec spec) {
    return wish(name, task, "Create", host -> FakeGuests.create(host, task.instance(), spec));
  }

  @Override
  public StepReply power(HostName name, GuestTask task, PowerAction action) {
    return wish(name, task, "Power", host -> FakeGuests.power(host, task.instance(), action));
  }

  @Override
  public StepReply delete(HostName name, GuestTask task) {
    return wish(name, task, "Delete", host -> FakeGuests.delete(host, task.instance()));
  }

  private StepReply wish(
      HostName name, GuestTask task, String wish, Function<FakeHost, StepReply> work) {
    return call(
        name,
        task.instance(),
        wish,
        host -> {
          host.asked.merge(wish, 1, Integer::sum);
          Refusal refusal =
              host.takes(task) ? host.refusing.get(wish) : refusal("stale-turn", name);
          return refusal == null ? work.apply(host) : new StepReply.Refused(refusal);
        },
        () -> silence(name));
  }

  @Override
  public Answer<List<GuestListing>> list(HostName name) {
    synchronized (world) {
      return new Answer.Given<>(
          world.host(name).guests.values().stream().map(FakeGuest::listing).toList());
    }
  }

  @Override
  public Answer<GuestListing> adopt(HostName name, InstanceId instance) {
    return call(
        name,
        instance,
        "Adopt",
        host -> {
          host.asked.merge("Adopt", 1, Integer::sum);
          FakeGuest guest = host.guests.get(instance);
          if (guest == null) {
            return new Answer.Refused<>(refusal("no-guest", name));
          }
          guest.ours = true;
          return new Answer.Given<>(guest.listing());
        },
        () -> new Answer.Silent<>(name + " is silent"));
  }
}

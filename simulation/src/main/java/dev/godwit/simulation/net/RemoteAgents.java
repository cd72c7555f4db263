package dev.godwit.simulation.net;

import dev.godwit.agent.Hands;
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
import dev.godwit.core.model.Trace;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Guests;
import dev.godwit.core.port.Hosts;
import dev.godwit.core.port.Traces;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.server.grpc.Channels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The agents as a server reaches them: silence, in whatever form, is an answer. */
final class RemoteAgents implements Hosts, Guests, Traces {
  private static final Duration ACT = Duration.ofSeconds(75);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration DESCRIBE = Duration.ofSeconds(20);

  /** Of calls that no move makes. */
  private static final Optional<UUID> NOTHING = Optional.empty();

  private final SimulatedServer server;
  private final Network network;
  private final Function<String, Optional<SimulatedAgent>> agents;

  RemoteAgents(
      SimulatedServer server, Network network, Function<String, Optional<SimulatedAgent>> agents) {
    this.server = server;
    this.network = network;
    this.agents = agents;
  }

  /** What comes back, first wins. */
  private static final class Pending<T> {
    private final Thread caller = Thread.currentThread();
    private @Nullable T value;
    private @Nullable String trouble;

    boolean over() {
      return value != null || trouble != null;
    }

    void answer(T answer) {
      if (!over()) {
        value = answer;
        LockSupport.unpark(caller);
      }
    }

    void fail(String why) {
      if (!over()) {
        trouble = why;
        LockSupport.unpark(caller);
      }
    }
  }

  @Override
  public boolean answers(HostName host, String agentTarget) {
    return pings(host);
  }

  private <T> T call(
      HostName host,
      Optional<UUID> subject,
      Duration deadline,
      Function<Hands, T> work,
      Function<String, T> silent) {
    if (!server.knows(host)) {
      return silent.apply(host + " has not announced itself to this server since it started");
    }
    Pending<T> pending = new Pending<>();
    network.send(server.name(), host.value(), subject, () -> arrived(host, subject, work, pending));
    Optional<SimulatedAgent> called = agents.apply(host.value());
    long begin = server.process().tempo().nanoTime();
    long heard = begin;
    while (!pending.over()) {
      long now = server.process().tempo().nanoTime();
      if (now - begin >= deadline.toNanos() || Thread.currentThread().isInterrupted()) {
        return silent.apply(host + ": no answer within " + deadline.toSeconds() + " s");
      }
      if (agents.apply(host.value()).filter(it -> !called.equals(Optional.of(it))).isPresent()) {
        return silent.apply(host + ": connection reset");
      }
      if (pings(host)) {
        heard = now;
      } else if (now - heard >= Channels.SILENT_AFTER.toNanos()) {
        return silent.apply(host + ": the connection is silent");
      }
      server.process().tempo().park(LOOK_AGAIN);
    }
    return pending.value != null ? pending.value : silent.apply(host + ": " + pending.trouble);
  }

  /** gRPC's own keep-alive, which a frozen agent, a cut link and a host without power all fail. */
  private boolean pings(HostName host) {
    return network.passes(server.name(), host.value())
        && network.passes(host.value(), server.name())
        && agents.apply(host.value()).filter(agent -> !agent.process().frozen()).isPresent();
  }

  private <T> void arrived(
      HostName host, Optional<UUID> subject, Function<Hands, T> work, Pending<T> pending) {
    Optional<SimulatedAgent> agent = agents.apply(host.value());
    if (agent.isEmpty()) {
      return;
    }
    Optional<Hands> hands = agent.get().hands();
    if (hands.isEmpty()) {
      network.send(host.value(), server.name(), subject, () -> pending.fail("connection refused"));
      return;
    }
    SimulatedAgent serving = agent.get();
    serving
        .process()
        .atEnd(() ->
            network.send(
                host.value(), server.name(), subject, () -> pending.fail("connection reset")));
    serving
        .process()
        .run(
            "call",
            () -> {
              try {
                T value = work.apply(hands.get());
                network.send(host.value(), server.name(), subject, () -> pending.answer(value));
              } catch (LibvirtException | IllegalStateException | IllegalArgumentException e) {
                String why = String.valueOf(e.getMessage());
                network.send(host.value(), server.name(), subject, () -> pending.fail(why));
              }
            });
  }

  @Override
  public StepReply execute(Order order) {
    return call(
        order.host(),
        Optional.of(order.migration().value()),
        ACT,
        hands -> hands.orders().execute(order),
        StepReply.Unanswered::new);
  }

  @Override
  public HostView observe(HostName host, Migration migration) {
    return call(
        host,
        Optional.of(migration.id().value()),
        LOOK,
        hands -> hands.orders().observe(migration.id(), migration.instance(), migration.epoch()),
        HostView.Unknown::new);
  }

  @Override
  public Answer<List<Trace>> traces(HostName host) {
    return call(host, NOTHING, DESCRIBE, hands -> hands.traces().all(), Answer.Silent::new);
  }

  @Override
  public StepReply remove(Traces.Removal removal) {
    return call(
        removal.host(),
        NOTHING,
        ACT,
        hands -> hands.traces().remove(removal),
        StepReply.Unanswered::new);
  }

  @Override
  public Answer<GuestFacts> describe(HostName source, InstanceId instance) {
    return call(
        source,
        Optional.of(instance.value()),
        DESCRIBE,
        hands -> hands.plans().describer().describe(instance),
        Answer.Silent::new);
  }

  @Override
  public Answer<List<String>> writeMarkers(HostName source, ProofId proof, GuestFacts guest) {
    return call(
        source,
        Optional.of(proof.migration().value()),
        DESCRIBE,
        hands -> hands.plans().proof().prove(proof, paths(guest)),
        Answer.Silent::new);
  }

  @Override
  public Answer<List<String>> clearMarkers(HostName source, ProofId proof, GuestFacts guest) {
    return call(
        source,
        Optional.of(proof.migration().value()),
        DESCRIBE,
        hands -> hands.plans().proof().unprove(proof),
        Answer.Silent::new);
  }

  private static List<String> paths(GuestFacts guest) {
    return Stream.concat(
            guest.disks().stream().map(GuestFacts.DiskFacts::path),
            guest.leases().files().values().stream())
        .toList();
  }

  @Override
  public Answer<DestinationFacts> assess(
      HostName destination, ProofId proof, InstanceId instance, GuestFacts guest) {
    return call(
        destination,
        Optional.of(proof.migration().value()),
        DESCRIBE,
        hands -> hands.plans().assessor().assess(proof, instance, guest),
        Answer.Silent::new);
  }

  @Override
  public Answer<DepartureFacts> depart(HostName source, InstanceId instance, TransferPlan plan) {
    return call(
        source,
        Optional.of(instance.value()),
        DESCRIBE,
        hands -> hands.plans().departure().by(plan, instance),
        Answer.Silent::new);
  }

  @Override
  public StepReply create(HostName host, GuestTask task, GuestSpec spec) {
    return call(
        host, NOTHING, ACT, hands -> hands.guests().create(task, spec), StepReply.Unanswered::new);
  }

  @Override
  public StepReply power(HostName host, GuestTask task, PowerAction action) {
    return call(
        host, NOTHING, ACT, hands -> hands.guests().power(task, action), StepReply.Unanswered::new);
  }

  @Override
  public StepReply delete(HostName host, GuestTask task) {
    return call(
        host, NOTHING, ACT, hands -> hands.guests().delete(task), StepReply.Unanswered::new);
  }

  @Override
  public Answer<List<GuestListing>> list(HostName host) {
    return call(
        host,
        NOTHING,
        DESCRIBE,
        hands -> new Answer.Given<>(hands.listing().all()),
        Answer.Silent::new);
  }

  @Override
  public Answer<GuestListing> adopt(HostName host, InstanceId instance) {
    return call(
        host, NOTHING, DESCRIBE, hands -> hands.guests().adopt(instance), Answer.Silent::new);
  }
}

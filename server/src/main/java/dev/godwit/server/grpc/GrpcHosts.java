package dev.godwit.server.grpc;

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
import dev.godwit.wire.CallTrouble;
import dev.godwit.wire.FactsMapping;
import dev.godwit.wire.GuestMapping;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.PlanMapping;
import dev.godwit.wire.TraceMapping;
import dev.godwit.wire.ViewMapping;
import dev.godwit.wire.proto.AdoptReply;
import dev.godwit.wire.proto.AdoptRequest;
import dev.godwit.wire.proto.AssessReply;
import dev.godwit.wire.proto.AssessRequest;
import dev.godwit.wire.proto.DeleteGuestRequest;
import dev.godwit.wire.proto.DepartReply;
import dev.godwit.wire.proto.DepartRequest;
import dev.godwit.wire.proto.DescribeReply;
import dev.godwit.wire.proto.DescribeRequest;
import dev.godwit.wire.proto.HostAgentGrpc.HostAgentBlockingStub;
import dev.godwit.wire.proto.ListGuestsRequest;
import dev.godwit.wire.proto.ListTracesReply;
import dev.godwit.wire.proto.ListTracesRequest;
import dev.godwit.wire.proto.MarkReply;
import dev.godwit.wire.proto.MarkRequest;
import dev.godwit.wire.proto.ObserveRequest;
import dev.godwit.wire.proto.PowerRequest;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The agents over gRPC. Silence, in whatever form, is an answer and never an exception. */
public final class GrpcHosts implements Hosts, Guests, Traces {
  private static final Duration LONGEST = Duration.ofSeconds(75);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration DESCRIBE = Duration.ofSeconds(20);
  private static final Duration ACT = LONGEST;

  private final Channels channels;
  private final Duration longest;

  public GrpcHosts(Channels channels) {
    this(channels, LONGEST);
  }

  /** With no deadline longer than this one. */
  GrpcHosts(Channels channels, Duration longest) {
    this.channels = channels;
    this.longest = longest;
  }

  private interface Heard<T> {
    T silent(String why);
  }

  private <T> T call(
      HostName host,
      Duration deadline,
      Function<HostAgentBlockingStub, T> work,
      Heard<T> otherwise) {
    Optional<Channels.Line> line = channels.to(host);
    if (line.isEmpty()) {
      return otherwise.silent(host + " has not announced itself to this server since it started");
    }
    try {
      return answered(line.get(), work, deadline.compareTo(longest) < 0 ? deadline : longest);
    } catch (StatusRuntimeException e) {
      return otherwise.silent(host + ": " + CallTrouble.of(e));
    } catch (IllegalArgumentException e) {
      return otherwise.silent("%s answers nonsense: %s".formatted(host, e.getMessage()));
    }
  }

  private static <T> T answered(
      Channels.Line line, Function<HostAgentBlockingStub, T> work, Duration deadline) {
    long began = System.nanoTime();
    try {
      T answer = work.apply(line.calls(deadline));
      line.answered();
      return answer;
    } catch (StatusRuntimeException e) {
      if (unanswered(e)) {
        line.silentSince(began);
      } else {
        line.answered();
      }
      throw e;
    }
  }

  @Override
  public boolean answers(HostName host, String agentTarget) {
    return Reachability.ofMachineAt(agentTarget);
  }

  private static boolean unanswered(StatusRuntimeException e) {
    return switch (e.getStatus().getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> true;
      default -> false;
    };
  }

  @Override
  public StepReply execute(Order order) {
    return call(
        order.host(),
        ACT,
        agent -> OrderMapping.reply(agent.execute(OrderMapping.message(order))),
        StepReply.Unanswered::new);
  }

  @Override
  public HostView observe(HostName host, Migration migration) {
    return call(
        host,
        LOOK,
        agent ->
            ViewMapping.view(
                agent.observe(
                    ObserveRequest.newBuilder()
                        .setFence(OrderMapping.fence(migration.id(), migration.epoch()))
                        .setInstance(migration.instance().toString())
                        .build())),
        HostView.Unknown::new);
  }

  @Override
  public Answer<GuestFacts> describe(HostName source, InstanceId instance) {
    return call(
        source,
        DESCRIBE,
        agent -> {
          DescribeReply reply =
              agent.describe(DescribeRequest.newBuilder().setInstance(instance.toString()).build());
          return reply.hasGuest()
              ? new Answer.Given<>(FactsMapping.guest(reply.getGuest()))
              : new Answer.Refused<>(OrderMapping.refusal(reply.getRefusal()));
        },
        Answer.Silent::new);
  }

  @Override
  public Answer<List<String>> writeMarkers(HostName source, ProofId proof, GuestFacts guest) {
    return mark(source, proof, guest, true);
  }

  @Override
  public Answer<List<String>> clearMarkers(HostName source, ProofId proof, GuestFacts guest) {
    return mark(source, proof, guest, false);
  }

  private Answer<List<String>> mark(
      HostName source, ProofId proof, GuestFacts guest, boolean present) {
    // Beside the leases too: a lock is only proven on what both hosts see as one file.
    List<String> paths =
        Stream.concat(
                guest.disks().stream()
                    .filter(disk -> disk.kind().equals("file") || disk.nvram())
                    .map(GuestFacts.DiskFacts::path),
                guest.leases().files().values().stream())
            .toList();
    if (paths.isEmpty()) {
      return new Answer.Given<>(List.of());
    }
    return call(
        source,
        DESCRIBE,
        agent -> {
          MarkReply reply =
              agent.mark(
                  MarkRequest.newBuilder()
                      .setFence(OrderMapping.fence(proof))
                      .addAllDiskPaths(paths)
                      .setPresent(present)
                      .build());
          return reply.hasRefusal()
              ? new Answer.Refused<>(OrderMapping.refusal(reply.getRefusal()))
              : new Answer.Given<>(List.copyOf(reply.getMarkedDiskPathsList()));
        },
        Answer.Silent::new);
  }

  @Override
  public Answer<DestinationFacts> assess(
      HostName destination, ProofId proof, InstanceId instance, GuestFacts guest) {
    return call(
        destination,
        DESCRIBE,
        agent -> {
          AssessReply reply =
              agent.assess(
                  AssessRequest.newBuilder()
                      .setFence(OrderMapping.fence(proof))
                      .setInstance(instance.toString())
                      .setGuest(FactsMapping.message(guest))
                      .build());
          return reply.hasDestination()
              ? new Answer.Given<>(FactsMapping.destination(reply.getDestination()))
              : new Answer.Refused<>(OrderMapping.refusal(reply.getRefusal()));
        },
        Answer.Silent::new);
  }

  @Override
  public Answer<DepartureFacts> depart(HostName source, InstanceId instance, TransferPlan plan) {
    return call(
        source,
        DESCRIBE,
        agent -> {
          DepartReply reply =
              agent.depart(
                  DepartRequest.newBuilder()
                      .setInstance(instance.toString())
                      .setPlan(PlanMapping.message(plan))
                      .build());
          return reply.hasDeparture()
              ? new Answer.Given<>(PlanMapping.departure(reply.getDeparture()))
              : new Answer.Refused<>(OrderMapping.refusal(reply.getRefusal()));
        },
        Answer.Silent::new);
  }

  @Override
  public Answer<List<Trace>> traces(HostName host) {
    return call(
        host,
        DESCRIBE,
        agent -> {
          ListTracesReply reply = agent.listTraces(ListTracesRequest.getDefaultInstance());
          return reply.hasRefusal()
              ? new Answer.Refused<>(OrderMapping.refusal(reply.getRefusal()))
              : new Answer.Given<>(
                  reply.getTracesList().stream().map(TraceMapping::trace).toList());
        },
        Answer.Silent::new);
  }

  @Override
  public StepReply remove(Traces.Removal removal) {
    return call(
        removal.host(),
        ACT,
        agent -> OrderMapping.reply(agent.removeTrace(TraceMapping.message(removal))),
        StepReply.Unanswered::new);
  }

  @Override
  public StepReply create(HostName host, GuestTask task, GuestSpec spec) {
    return call(
        host,
        ACT,
        agent -> OrderMapping.reply(agent.create(GuestMapping.message(task, spec))),
        StepReply.Unanswered::new);
  }

  @Override
  public StepReply power(HostName host, GuestTask task, PowerAction action) {
    return call(
        host,
        ACT,
        agent ->
            OrderMapping.reply(
                agent.power(
                    PowerRequest.newBuilder()
                        .setInstance(task.instance().toString())
                        .setTurn(task.turn())
                        .setAction(action.name())
                        .build())),
        StepReply.Unanswered::new);
  }

  @Override
  public StepReply delete(HostName host, GuestTask task) {
    return call(
        host,
        ACT,
        agent ->
            OrderMapping.reply(
                agent.delete(
                    DeleteGuestRequest.newBuilder()
                        .setInstance(task.instance().toString())
                        .setTurn(task.turn())
                        .build())),
        StepReply.Unanswered::new);
  }

  @Override
  public Answer<List<GuestListing>> list(HostName host) {
    return call(
        host,
        DESCRIBE,
        agent ->
            new Answer.Given<>(
                agent.list(ListGuestsRequest.getDefaultInstance()).getGuestsList().stream()
                    .map(GuestMapping::guest)
                    .toList()),
        Answer.Silent::new);
  }

  @Override
  public Answer<GuestListing> adopt(HostName host, InstanceId instance) {
    return call(
        host,
        DESCRIBE,
        agent -> {
          AdoptReply reply =
              agent.adopt(AdoptRequest.newBuilder().setInstance(instance.toString()).build());
          return reply.hasGuest()
              ? new Answer.Given<>(GuestMapping.guest(reply.getGuest()))
              : new Answer.Refused<>(OrderMapping.refusal(reply.getRefusal()));
        },
        Answer.Silent::new);
  }
}

package dev.godwit.agent.service;

import dev.godwit.agent.act.Departure;
import dev.godwit.agent.act.OrderDesk;
import dev.godwit.agent.file.FileTrouble;
import dev.godwit.agent.file.SharedProof;
import dev.godwit.agent.guest.Assessor;
import dev.godwit.agent.guest.Describer;
import dev.godwit.agent.guest.GuestDesk;
import dev.godwit.agent.guest.Listing;
import dev.godwit.agent.host.Daemon;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.libvirt.LibvirtException;
import dev.godwit.wire.FactsMapping;
import dev.godwit.wire.GuestMapping;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.PlanMapping;
import dev.godwit.wire.SampleMapping;
import dev.godwit.wire.ViewMapping;
import dev.godwit.wire.proto.AdoptReply;
import dev.godwit.wire.proto.AdoptRequest;
import dev.godwit.wire.proto.AgentEvent;
import dev.godwit.wire.proto.AssessReply;
import dev.godwit.wire.proto.AssessRequest;
import dev.godwit.wire.proto.CreateGuestRequest;
import dev.godwit.wire.proto.DeleteGuestRequest;
import dev.godwit.wire.proto.DepartReply;
import dev.godwit.wire.proto.DepartRequest;
import dev.godwit.wire.proto.DescribeReply;
import dev.godwit.wire.proto.DescribeRequest;
import dev.godwit.wire.proto.HostAgentGrpc;
import dev.godwit.wire.proto.HostViewMessage;
import dev.godwit.wire.proto.ListGuestsReply;
import dev.godwit.wire.proto.ListGuestsRequest;
import dev.godwit.wire.proto.MarkReply;
import dev.godwit.wire.proto.MarkRequest;
import dev.godwit.wire.proto.ObserveRequest;
import dev.godwit.wire.proto.OrderMessage;
import dev.godwit.wire.proto.PowerRequest;
import dev.godwit.wire.proto.ReplyMessage;
import dev.godwit.wire.proto.WatchRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The contract's HostAgent: messages are checked here, then handed to whoever does the work. */
public final class HostAgentService extends HostAgentGrpc.HostAgentImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(HostAgentService.class);

  private final OrderDesk orders;
  private final Describer describer;
  private final Assessor assessor;
  private final Departure departure;
  private final SharedProof proof;
  private final GuestDesk guests;
  private final Listing listing;
  private final EventStream events;
  private final Clock clock;

  /** What the service hands work to. */
  public record Desks(
      OrderDesk orders,
      Describer describer,
      Assessor assessor,
      Departure departure,
      SharedProof proof,
      GuestDesk guests,
      Listing listing) {}

  public HostAgentService(Desks desks, EventStream events, Clock clock) {
    this.orders = desks.orders();
    this.describer = desks.describer();
    this.assessor = desks.assessor();
    this.departure = desks.departure();
    this.proof = desks.proof();
    this.guests = desks.guests();
    this.listing = desks.listing();
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void execute(OrderMessage request, StreamObserver<ReplyMessage> to) {
    answer(to, () -> OrderMapping.message(orders.execute(OrderMapping.order(request))));
  }

  @Override
  public void observe(ObserveRequest request, StreamObserver<HostViewMessage> to) {
    answer(
        to,
        () ->
            ViewMapping.message(
                orders.observe(
                    SampleMapping.migration(request.getFence().getMigration()),
                    GuestMapping.instance(request.getInstance()),
                    OrderMapping.epoch(request.getFence())),
                clock.instant()));
  }

  @Override
  public void describe(DescribeRequest request, StreamObserver<DescribeReply> to) {
    answer(
        to,
        () ->
            switch (describer.describe(GuestMapping.instance(request.getInstance()))) {
              case Answer.Given(var guest) ->
                  DescribeReply.newBuilder().setGuest(FactsMapping.message(guest)).build();
              case Answer.Refused(Refusal reason) ->
                  DescribeReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
              case Answer.Silent(String why) -> throw new IllegalStateException(why);
            });
  }

  @Override
  public void mark(MarkRequest request, StreamObserver<MarkReply> to) {
    answer(
        to,
        () -> {
          var migration = SampleMapping.migration(request.getMigration());
          try {
            if (request.getPresent()) {
              return MarkReply.newBuilder()
                  .addAllMarkedDiskPaths(proof.write(migration, request.getDiskPathsList()))
                  .build();
            }
            proof.clear(migration, request.getDiskPathsList());
            return MarkReply.getDefaultInstance();
          } catch (FileTrouble e) {
            return MarkReply.newBuilder()
                .setRefusal(
                    OrderMapping.message(
                        new Refusal(
                            "marker",
                            request.getMigration(),
                            "a marker beside each disk",
                            "" + e.getMessage(),
                            "Look at the disk's directory.")))
                .build();
          }
        });
  }

  @Override
  public void assess(AssessRequest request, StreamObserver<AssessReply> to) {
    answer(
        to,
        () ->
            switch (assessor.assess(
                SampleMapping.migration(request.getMigration()),
                GuestMapping.instance(request.getInstance()),
                FactsMapping.guest(request.getGuest()))) {
              case Answer.Given(var facts) ->
                  AssessReply.newBuilder().setDestination(FactsMapping.message(facts)).build();
              case Answer.Refused(Refusal reason) ->
                  AssessReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
              case Answer.Silent(String why) -> throw new IllegalStateException(why);
            });
  }

  @Override
  public void depart(DepartRequest request, StreamObserver<DepartReply> to) {
    answer(
        to,
        () ->
            switch (departure.by(
                PlanMapping.plan(request.getPlan()),
                GuestMapping.instance(request.getInstance()))) {
              case Answer.Given(var facts) ->
                  DepartReply.newBuilder().setDeparture(PlanMapping.message(facts)).build();
              case Answer.Refused(Refusal reason) ->
                  DepartReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
              case Answer.Silent(String why) -> throw new IllegalStateException(why);
            });
  }

  @Override
  public void create(CreateGuestRequest request, StreamObserver<ReplyMessage> to) {
    answer(
        to,
        () ->
            OrderMapping.message(
                guests.create(
                    GuestMapping.instance(request.getInstance()), GuestMapping.spec(request))));
  }

  @Override
  public void power(PowerRequest request, StreamObserver<ReplyMessage> to) {
    answer(
        to,
        () ->
            OrderMapping.message(
                guests.power(
                    GuestMapping.instance(request.getInstance()),
                    GuestMapping.action(request.getAction()))));
  }

  @Override
  public void delete(DeleteGuestRequest request, StreamObserver<ReplyMessage> to) {
    answer(
        to,
        () -> OrderMapping.message(guests.delete(GuestMapping.instance(request.getInstance()))));
  }

  @Override
  public void list(ListGuestsRequest request, StreamObserver<ListGuestsReply> to) {
    answer(
        to,
        () ->
            ListGuestsReply.newBuilder()
                .addAllGuests(listing.all().stream().map(GuestMapping::message).toList())
                .build());
  }

  @Override
  public void adopt(AdoptRequest request, StreamObserver<AdoptReply> to) {
    answer(
        to,
        () ->
            switch (guests.adopt(GuestMapping.instance(request.getInstance()))) {
              case Answer.Given(var guest) ->
                  AdoptReply.newBuilder().setGuest(GuestMapping.message(guest)).build();
              case Answer.Refused(Refusal reason) ->
                  AdoptReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
              case Answer.Silent(String why) -> throw new IllegalStateException(why);
            });
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<AgentEvent> to) {
    events.add(to);
  }

  private static <T> void answer(StreamObserver<T> to, Supplier<T> work) {
    T reply;
    try {
      reply = work.get();
    } catch (LibvirtException e) {
      to.onError(Status.UNAVAILABLE.withDescription("libvirt: " + e.text()).asException());
      return;
    } catch (Daemon.Stopping e) {
      to.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asException());
      return;
    } catch (IllegalArgumentException e) {
      to.onError(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asException());
      return;
    } catch (RuntimeException e) {
      LOG.error("a call failed in the agent itself", e);
      to.onError(Status.INTERNAL.withDescription(e.toString()).asException());
      return;
    }
    try {
      to.onNext(reply);
      to.onCompleted();
    } catch (StatusRuntimeException e) {
      LOG.debug("a caller went away before its answer", e);
    }
  }
}

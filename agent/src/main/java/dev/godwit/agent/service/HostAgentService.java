package dev.godwit.agent.service;

import static dev.godwit.agent.service.Calls.answer;

import dev.godwit.agent.Hands;
import dev.godwit.agent.act.OrderDesk;
import dev.godwit.agent.act.TraceDesk;
import dev.godwit.agent.guest.GuestDesk;
import dev.godwit.agent.guest.Listing;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.wire.GuestMapping;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.SampleMapping;
import dev.godwit.wire.TraceMapping;
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
import dev.godwit.wire.proto.ListTracesReply;
import dev.godwit.wire.proto.ListTracesRequest;
import dev.godwit.wire.proto.MarkReply;
import dev.godwit.wire.proto.MarkRequest;
import dev.godwit.wire.proto.ObserveRequest;
import dev.godwit.wire.proto.OrderMessage;
import dev.godwit.wire.proto.PowerRequest;
import dev.godwit.wire.proto.RemoveTraceRequest;
import dev.godwit.wire.proto.ReplyMessage;
import dev.godwit.wire.proto.WatchRequest;
import io.grpc.stub.StreamObserver;
import java.time.Clock;

/** The contract's HostAgent: messages are checked here, then handed to whoever does the work. */
public final class HostAgentService extends HostAgentGrpc.HostAgentImplBase {
  private final OrderDesk orders;
  private final PlanDesk plans;
  private final GuestDesk guests;
  private final Listing listing;
  private final TraceDesk traces;
  private final EventStream events;
  private final Clock clock;

  public HostAgentService(Hands desks, EventStream events, Clock clock) {
    this.orders = desks.orders();
    this.plans = desks.plans();
    this.guests = desks.guests();
    this.listing = desks.listing();
    this.traces = desks.traces();
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
    answer(to, () -> plans.describe(request));
  }

  @Override
  public void mark(MarkRequest request, StreamObserver<MarkReply> to) {
    answer(to, () -> plans.mark(request));
  }

  @Override
  public void assess(AssessRequest request, StreamObserver<AssessReply> to) {
    answer(to, () -> plans.assess(request));
  }

  @Override
  public void depart(DepartRequest request, StreamObserver<DepartReply> to) {
    answer(to, () -> plans.depart(request));
  }

  @Override
  public void create(CreateGuestRequest request, StreamObserver<ReplyMessage> to) {
    answer(
        to,
        () ->
            OrderMapping.message(
                guests.create(
                    GuestMapping.task(request.getInstance(), request.getTurn()),
                    GuestMapping.spec(request))));
  }

  @Override
  public void power(PowerRequest request, StreamObserver<ReplyMessage> to) {
    answer(
        to,
        () ->
            OrderMapping.message(
                guests.power(
                    GuestMapping.task(request.getInstance(), request.getTurn()),
                    GuestMapping.action(request.getAction()))));
  }

  @Override
  public void delete(DeleteGuestRequest request, StreamObserver<ReplyMessage> to) {
    answer(
        to,
        () ->
            OrderMapping.message(
                guests.delete(GuestMapping.task(request.getInstance(), request.getTurn()))));
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
  public void listTraces(ListTracesRequest request, StreamObserver<ListTracesReply> to) {
    answer(
        to,
        () ->
            switch (traces.all()) {
              case Answer.Given(var all) ->
                  ListTracesReply.newBuilder()
                      .addAllTraces(all.stream().map(TraceMapping::message).toList())
                      .build();
              case Answer.Refused(Refusal reason) ->
                  ListTracesReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
              case Answer.Silent(String why) -> throw new IllegalStateException(why);
            });
  }

  @Override
  public void removeTrace(RemoveTraceRequest request, StreamObserver<ReplyMessage> to) {
    answer(to, () -> OrderMapping.message(traces.remove(TraceMapping.removal(request))));
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<AgentEvent> to) {
    events.add(to);
  }
}

package dev.godwit.agent.service;

import dev.godwit.agent.act.Departure;
import dev.godwit.agent.file.SharedProof;
import dev.godwit.agent.guest.Assessor;
import dev.godwit.agent.guest.Describer;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.wire.FactsMapping;
import dev.godwit.wire.GuestMapping;
import dev.godwit.wire.OrderMapping;
import dev.godwit.wire.PlanMapping;
import dev.godwit.wire.proto.AssessReply;
import dev.godwit.wire.proto.AssessRequest;
import dev.godwit.wire.proto.DepartReply;
import dev.godwit.wire.proto.DepartRequest;
import dev.godwit.wire.proto.DescribeReply;
import dev.godwit.wire.proto.DescribeRequest;
import dev.godwit.wire.proto.MarkReply;
import dev.godwit.wire.proto.MarkRequest;

/** What is asked before a move; nothing is made or changed but markers. */
public record PlanDesk(
    Describer describer, Assessor assessor, Departure departure, SharedProof proof) {
  DescribeReply describe(DescribeRequest request) {
    return switch (describer.describe(GuestMapping.instance(request.getInstance()))) {
      case Answer.Given(var guest) ->
          DescribeReply.newBuilder().setGuest(FactsMapping.message(guest)).build();
      case Answer.Refused(Refusal reason) ->
          DescribeReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
      case Answer.Silent(String why) -> throw new IllegalStateException(why);
    };
  }

  MarkReply mark(MarkRequest request) {
    var id = OrderMapping.proof(request.getFence());
    var answer =
        request.getPresent() ? proof.prove(id, request.getDiskPathsList()) : proof.unprove(id);
    return switch (answer) {
      case Answer.Given(var marked) -> MarkReply.newBuilder().addAllMarkedDiskPaths(marked).build();
      case Answer.Refused(Refusal reason) ->
          MarkReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
      case Answer.Silent(String why) -> throw new IllegalStateException(why);
    };
  }

  AssessReply assess(AssessRequest request) {
    return switch (assessor.assess(
        OrderMapping.proof(request.getFence()),
        GuestMapping.instance(request.getInstance()),
        FactsMapping.guest(request.getGuest()))) {
      case Answer.Given(var facts) ->
          AssessReply.newBuilder().setDestination(FactsMapping.message(facts)).build();
      case Answer.Refused(Refusal reason) ->
          AssessReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
      case Answer.Silent(String why) -> throw new IllegalStateException(why);
    };
  }

  DepartReply depart(DepartRequest request) {
    return switch (departure.by(
        PlanMapping.plan(request.getPlan()), GuestMapping.instance(request.getInstance()))) {
      case Answer.Given(var facts) ->
          DepartReply.newBuilder().setDeparture(PlanMapping.message(facts)).build();
      case Answer.Refused(Refusal reason) ->
          DepartReply.newBuilder().setRefusal(OrderMapping.message(reason)).build();
      case Answer.Silent(String why) -> throw new IllegalStateException(why);
    };
  }
}

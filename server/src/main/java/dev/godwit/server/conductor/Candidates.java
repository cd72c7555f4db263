package dev.godwit.server.conductor;

import dev.godwit.core.migration.plan.CheckResult;
import dev.godwit.core.migration.plan.Checks;
import dev.godwit.core.migration.plan.DepartureFacts;
import dev.godwit.core.migration.plan.DestinationFacts;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.migration.plan.MovePolicy;
import dev.godwit.core.migration.plan.Planner;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Hosts;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.MigrationRow.HostChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks candidates; asks them, and the source about them, what only their agents know.
 *
 * @param owing the hosts that owe something to earlier moves of the instance
 */
record Candidates(
    Hosts hosts,
    MovePolicy policy,
    DestinationSearch.Question question,
    GuestFacts guest,
    Set<HostName> owing) {
  /** A candidate's checks, and what it offers when they all passed. */
  record Assessed(HostChecks checks, Optional<DestinationSearch.Offer> offer) {}

  /** What the server can check by itself. */
  List<CheckResult> known(Fleet.Member candidate, boolean sourceUp) {
    List<CheckResult> known =
        new ArrayList<>(
            Checks.ofHost(candidate.facts(), question.source(), question.wanted(), sourceUp));
    known.addAll(Checks.ofDebts(candidate.name(), owing.contains(candidate.name())));
    return known;
  }

  /** Every check, also those that the server can make by itself. */
  Assessed assess(Fleet.Member candidate) {
    HostName host = candidate.name();
    Optional<DestinationSearch.Offer> offer = Optional.empty();
    // The source answers: it described the guest.
    List<CheckResult> results = known(candidate, true);
    switch (hosts.assess(host, question.proof(), question.instance(), guest)) {
      case Answer.Given(DestinationFacts facts) -> {
        results.addAll(Checks.ofDestination(candidate.facts(), guest, facts, question.request()));
        if (Planner.passed(results)) {
          TransferPlan plan = Planner.plan(host, guest, facts, question.request(), policy);
          results.addAll(departure(plan));
          if (Planner.passed(results)) {
            offer = Optional.of(new DestinationSearch.Offer(plan, Planner.claims(guest, facts)));
          }
        }
      }
      case Answer.Refused(Refusal reason) ->
          results.add(new CheckResult(CheckResult.Outcome.REFUSED, reason));
      case Answer.Silent(String why) ->
          results.add(
              new CheckResult(
                  CheckResult.Outcome.REFUSED,
                  new Refusal(
                      "destination-alive",
                      host.value(),
                      "an agent that answers",
                      why,
                      "Look at the agent on this host, or choose another.")));
    }
    return new Assessed(new HostChecks(host, results), offer);
  }

  private List<CheckResult> departure(TransferPlan plan) {
    HostName source = question.source();
    return switch (hosts.depart(source, question.instance(), plan)) {
      case Answer.Given(DepartureFacts facts) -> Checks.ofDeparture(source, plan, facts);
      case Answer.Refused(Refusal reason) ->
          List.of(new CheckResult(CheckResult.Outcome.REFUSED, reason));
      case Answer.Silent(String why) ->
          List.of(
              new CheckResult(
                  CheckResult.Outcome.REFUSED,
                  new Refusal(
                      "source-alive",
                      source.value(),
                      "a source whose agent answers",
                      why,
                      "Look at the agent on the source.")));
    };
  }
}

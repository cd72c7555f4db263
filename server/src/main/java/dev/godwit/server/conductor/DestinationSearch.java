package dev.godwit.server.conductor;

import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.plan.CheckResult;
import dev.godwit.core.migration.plan.Checks;
import dev.godwit.core.migration.plan.DiskClaim;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.migration.plan.MovePolicy;
import dev.godwit.core.migration.plan.Planner;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.ProofId;
import dev.godwit.core.model.Refusal;
import dev.godwit.core.model.Resources;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Hosts;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.store.MigrationRow.HostChecks;
import dev.godwit.server.store.Migrations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Looks for a destination: every check on every candidate, with its reason. The dry run and the
 * real one are this same code.
 */
public final class DestinationSearch {
  private static final int MOST_AT_ONCE = 16;

  private final Hosts hosts;
  private final Fleet fleet;
  private final Migrations migrations;
  private final MovePolicy policy;

  public DestinationSearch(Hosts hosts, Fleet fleet, Migrations migrations, MovePolicy policy) {
    this.hosts = hosts;
    this.fleet = fleet;
    this.migrations = migrations;
    this.policy = policy;
  }

  /**
   * What is to be moved.
   *
   * @param proof of this search alone: the migration, and its owner's epoch
   */
  public record Question(
      ProofId proof,
      InstanceId instance,
      HostName source,
      Resources wanted,
      MigrationRequest request) {
    /** The migration; one that is not recorded for a dry run. */
    public MigrationId migration() {
      return proof.migration();
    }
  }

  /** A plan for one candidate, and the room that its copies would claim there. */
  public record Offer(TransferPlan plan, List<DiskClaim> claims) {
    public Offer {
      claims = List.copyOf(claims);
    }
  }

  /**
   * What was found.
   *
   * @param guest checks of the guest where it is
   * @param hosts checks of the candidates, the best first
   * @param offers what each candidate that passed offers
   */
  public record Findings(
      List<CheckResult> guest, List<HostChecks> hosts, Map<HostName, Offer> offers) {
    /** The best candidate's. */
    public Optional<Offer> best() {
      return offers.values().stream().findFirst();
    }

    /** Every refusal. */
    public List<Refusal> refusals() {
      List<Refusal> refusals = new ArrayList<>();
      guest.stream().filter(it -> !it.passed()).map(CheckResult::detail).forEach(refusals::add);
      hosts.forEach(host ->
          host.results().stream()
              .filter(it -> !it.passed())
              .map(CheckResult::detail)
              .forEach(refusals::add));
      return refusals;
    }
  }

  /** Searches; silent when the source does not answer. */
  public Answer<Findings> search(Question question) {
    return switch (hosts.describe(question.source(), question.instance())) {
      case Answer.Silent(String why) -> new Answer.Silent<>(why);
      case Answer.Refused(Refusal reason) -> new Answer.Refused<>(reason);
      case Answer.Given(GuestFacts guest) -> search(question, guest);
    };
  }

  private Answer<Findings> search(Question question, GuestFacts guest) {
    List<CheckResult> ofGuest = Checks.ofGuest(guest);
    List<Fleet.Member> members = fleet.members();
    boolean sourceUp =
        members.stream().anyMatch(it -> it.name().equals(question.source()) && it.up());
    List<Fleet.Member> candidates =
        members.stream()
            .filter(it -> wanted(question, it.name()))
            .sorted(Comparator.comparingLong((Fleet.Member it) -> it.free().memoryMib()).reversed())
            .toList();
    Candidates questions =
        new Candidates(
            hosts,
            policy,
            question,
            guest,
            migrations.owing(question.instance(), question.migration()));
    List<HostChecks> checked = new ArrayList<>();
    List<Fleet.Member> toAssess = new ArrayList<>();
    for (Fleet.Member candidate : candidates) {
      List<CheckResult> known = questions.known(candidate, sourceUp);
      if (Planner.passed(known) && Planner.passed(ofGuest)) {
        toAssess.add(candidate);
      } else {
        checked.add(new HostChecks(candidate.name(), known));
      }
    }
    return switch (assess(questions, toAssess)) {
      case Answer.Silent(String why) -> new Answer.Silent<>(why);
      case Answer.Refused(Refusal reason) -> new Answer.Refused<>(reason);
      case Answer.Given(List<Candidates.Assessed> assessed) ->
          new Answer.Given<>(findings(ofGuest, checked, assessed));
    };
  }

  /** Without its source's proof of what is shared a candidate is judged wrongly. */
  private Answer<List<Candidates.Assessed>> assess(
      Candidates questions, List<Fleet.Member> candidates) {
    if (candidates.isEmpty()) {
      return new Answer.Given<>(List.of());
    }
    Question question = questions.question();
    try {
      return switch (hosts.writeMarkers(question.source(), question.proof(), questions.guest())) {
        case Answer.Silent(String why) -> new Answer.Silent<>(why);
        case Answer.Refused(Refusal reason) -> new Answer.Refused<>(reason);
        case Answer.Given(var _) -> new Answer.Given<>(together(candidates, questions::assess));
      };
    } finally {
      // Also of a source that was silent: it may have written them.
      hosts.clearMarkers(question.source(), question.proof(), questions.guest());
    }
  }

  private static Findings findings(
      List<CheckResult> ofGuest, List<HostChecks> known, List<Candidates.Assessed> assessed) {
    List<HostChecks> checked = new ArrayList<>(known);
    Map<HostName, Offer> offers = new LinkedHashMap<>();
    for (Candidates.Assessed each : assessed) {
      checked.add(each.checks());
      each.offer().ifPresent(offer -> offers.put(each.checks().host(), offer));
    }
    checked.sort(Comparator.comparing(HostChecks::passed).reversed());
    return new Findings(ofGuest, checked, offers);
  }

  private static boolean wanted(Question question, HostName candidate) {
    return question
        .request()
        .destination()
        .map(candidate::equals)
        .orElse(!candidate.equals(question.source()));
  }

  /** A candidate that is slow, or cut off from the source, does not hold up the others. */
  private static List<Candidates.Assessed> together(
      List<Fleet.Member> candidates, Function<Fleet.Member, Candidates.Assessed> assess) {
    if (candidates.size() == 1) {
      return List.of(assess.apply(candidates.getFirst()));
    }
    try (ExecutorService threads =
        Executors.newFixedThreadPool(MOST_AT_ONCE, Thread.ofVirtual().factory())) {
      List<Callable<Candidates.Assessed>> questions =
          candidates.stream()
              .<Callable<Candidates.Assessed>>map(it -> () -> assess.apply(it))
              .toList();
      return threads.invokeAll(questions).stream().map(Future::resultNow).toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking for a destination", e);
    }
  }
}

package dev.godwit.server.leftovers;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Trace;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Traces;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.leftovers.Leftover.Verdict;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks for what hosts hold and nothing needs; removes, when asked, what is proven to be ours. */
public final class Leftovers {
  /** One answer's work is bounded; the rest is told, and goes with the next. */
  private static final int MOST_REMOVALS = 200;

  private final Fleet fleet;
  private final Traces traces;
  private final Instances instances;
  private final Migrations migrations;

  public Leftovers(Fleet fleet, Traces traces, Instances instances, Migrations migrations) {
    this.fleet = fleet;
    this.traces = traces;
    this.instances = instances;
    this.migrations = migrations;
  }

  /** A host of which nothing is known: what it holds is not listed. */
  public record Unseen(HostName host, String why) {}

  /** Something that was to be removed, and what became of it. */
  public record Outcome(Leftover leftover, Optional<String> kept) {}

  /** What was found. */
  public record Found(List<Leftover> leftovers, List<Unseen> unseen) {
    public Found {
      leftovers = List.copyOf(leftovers);
      unseen = List.copyOf(unseen);
    }
  }

  /**
   * What was removed, or not.
   *
   * @param kept how many there are that nobody may remove on a guess
   * @param more there was more than is removed at once
   */
  public record Removed(List<Outcome> outcomes, List<Unseen> unseen, int kept, boolean more) {
    public Removed {
      outcomes = List.copyOf(outcomes);
      unseen = List.copyOf(unseen);
    }
  }

  /** On one host, or on all. */
  public Found look(Optional<HostName> only) {
    List<Leftover> leftovers = new ArrayList<>();
    List<Unseen> unseen = new ArrayList<>();
    for (Fleet.Member member : fleet.members()) {
      HostName host = member.name();
      if (only.isEmpty() || only.get().equals(host)) {
        switch (traces.traces(host)) {
          case Answer.Given(List<Trace> found) -> leftovers.addAll(judged(host, found));
          case Answer.Refused(var reason) -> unseen.add(new Unseen(host, reason.sentence()));
          case Answer.Silent(String why) -> unseen.add(new Unseen(host, why));
        }
      }
    }
    // Each host sees what they share.
    Set<String> common = new HashSet<>();
    leftovers.removeIf(it -> it.trace().common() && !common.add(it.trace().name()));
    leftovers.sort(Comparator.comparingInt(Judgement::order));
    return new Found(leftovers, unseen);
  }

  /** The record is read after the hosts: what began meanwhile is under way. */
  private List<Leftover> judged(HostName host, List<Trace> found) {
    Judgement judgement = new Judgement(new Recorded());
    return found.stream()
        .map(trace -> new Leftover(host, trace, judgement.of(host, trace)))
        .filter(it -> !(it.verdict() instanceof Verdict.Needed))
        .toList();
  }

  /** Removes what can be proven, each by an order that its host's agent checks anew. */
  public Removed remove(Optional<HostName> only) {
    Found found = look(only);
    List<Leftover> removable =
        found.leftovers().stream().filter(it -> it.verdict() instanceof Verdict.Removable).toList();
    List<Outcome> outcomes =
        removable.stream().limit(MOST_REMOVALS).map(it -> new Outcome(it, remove(it))).toList();
    int kept = found.leftovers().size() - removable.size();
    return new Removed(outcomes, found.unseen(), kept, removable.size() > MOST_REMOVALS);
  }

  private Optional<String> remove(Leftover leftover) {
    Trace trace = leftover.trace();
    Optional<Migration> migration =
        trace.migration().flatMap(migrations::find).map(MigrationRow::migration);
    if (migration.isEmpty()) {
      return Optional.of("its migration is not recorded any more");
    }
    Migration of = migration.get();
    return switch (traces.remove(
        new Traces.Removal(
            leftover.host(), of.id(), of.epoch(), of.instance(), trace.kind(), trace.name()))) {
      case StepReply.Done _, StepReply.None() -> Optional.empty();
      case StepReply.Refused(var reason) -> Optional.of(reason.sentence());
      case StepReply.Unanswered(String why) -> Optional.of(why);
    };
  }

  /** The record as it is now; the living migrations are read once. */
  private final class Recorded implements Judgement.Records {
    private final List<Migration> living =
        migrations.restless().stream().map(MigrationRow::migration).toList();

    @Override
    public Optional<Instance> instance(InstanceId id) {
      return instances.find(id);
    }

    @Override
    public Optional<MigrationRow> migration(MigrationId id) {
      return migrations.find(id);
    }

    @Override
    public boolean moving(InstanceId id) {
      return living.stream().anyMatch(it -> it.instance().equals(id));
    }

    @Override
    public boolean busy(HostName host) {
      return living.stream()
          .anyMatch(it ->
              it.source().equals(host)
                  || it.plan().map(plan -> plan.destination().equals(host)).orElse(true));
    }
  }
}

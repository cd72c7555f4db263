package dev.godwit.server.leftovers;

import dev.godwit.core.migration.StepReply;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.Trace;
import dev.godwit.core.port.Answer;
import dev.godwit.core.port.Tempo;
import dev.godwit.core.port.Traces;
import dev.godwit.server.fleet.Fleet;
import dev.godwit.server.leftovers.Leftover.Verdict;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.Instances;
import dev.godwit.server.store.MigrationRow;
import dev.godwit.server.store.Migrations;
import dev.godwit.server.store.Unreadable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks for what hosts hold and nothing needs; removes, when asked, what is proven to be ours. */
public final class Leftovers {
  /** One answer's work is bounded; the rest is told, and goes with the next. */
  private static final int MOST_REMOVALS = 200;

  /** Both together are less than a client waits for. */
  private static final Duration LOOK = Duration.ofSeconds(10);

  private static final Duration REMOVE = Duration.ofSeconds(12);

  private final Together together;
  private final Fleet fleet;
  private final Traces traces;
  private final Instances instances;
  private final Migrations migrations;

  public Leftovers(
      Fleet fleet, Traces traces, Instances instances, Migrations migrations, Tempo tempo) {
    this.together = new Together(tempo);
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
    List<Fleet.Member> wanted =
        fleet.members().stream()
            .filter(member -> only.isEmpty() || only.get().equals(member.name()))
            .toList();
    Map<HostName, Answer<List<Trace>>> answers = together.ask(toAsk(wanted), LOOK, traces::traces);
    // The record is read after the hosts: what began meanwhile is under way.
    Judgement judgement = new Judgement(new Recorded());
    List<Leftover> leftovers = new ArrayList<>();
    List<Unseen> unseen = new ArrayList<>();
    for (Fleet.Member member : wanted) {
      HostName host = member.name();
      switch (Optional.ofNullable(answers.get(host)).orElseGet(() -> notAsked(member))) {
        case Answer.Given(List<Trace> found) -> leftovers.addAll(judged(judgement, host, found));
        case Answer.Refused(var reason) -> unseen.add(new Unseen(host, reason.sentence()));
        case Answer.Silent(String why) -> unseen.add(new Unseen(host, why));
      }
    }
    // Each host sees what they share.
    Set<String> common = new HashSet<>();
    leftovers.removeIf(it -> it.trace().common() && !common.add(it.trace().name()));
    leftovers.sort(Comparator.comparingInt(Judgement::order));
    return new Found(leftovers, unseen);
  }

  /** Those that are heard first; the dead are not asked. */
  private static List<HostName> toAsk(List<Fleet.Member> wanted) {
    return wanted.stream()
        .filter(member -> member.row().fence().isEmpty())
        .sorted(Comparator.comparing((Fleet.Member member) -> !member.up()))
        .map(Fleet.Member::name)
        .toList();
  }

  private static Answer<List<Trace>> notAsked(Fleet.Member member) {
    return new Answer.Silent<>(
        member
            .row()
            .fence()
            .map(fence -> "it is recorded as known dead, by " + fence.by())
            .orElse("no answer within %d s".formatted(LOOK.toSeconds())));
  }

  private static List<Leftover> judged(Judgement judgement, HostName host, List<Trace> found) {
    return found.stream()
        .map(trace -> new Leftover(host, trace, verdict(judgement, host, trace)))
        .filter(it -> !(it.verdict() instanceof Verdict.Needed))
        .toList();
  }

  /** A record that cannot be read proves nothing of this trace, and says nothing of others. */
  private static Verdict verdict(Judgement judgement, HostName host, Trace trace) {
    try {
      return judgement.of(host, trace);
    } catch (Unreadable e) {
      return new Verdict.Kept(e.sentence(), "What was found says what to do.");
    }
  }

  /** Removes what can be proven, each by an order that its host's agent checks anew. */
  public Removed remove(Optional<HostName> only) {
    Found found = look(only);
    List<Leftover> removable =
        found.leftovers().stream().filter(it -> it.verdict() instanceof Verdict.Removable).toList();
    Map<Leftover, Optional<Traces.Removal>> orders = new LinkedHashMap<>();
    removable.stream().limit(MOST_REMOVALS).forEach(it -> orders.put(it, order(it)));
    Map<Traces.Removal, StepReply> replies =
        together.ask(
            orders.values().stream().flatMap(Optional::stream).toList(), REMOVE, traces::remove);
    List<Outcome> outcomes = new ArrayList<>();
    orders.forEach((leftover, order) ->
        outcomes.add(
            new Outcome(
                leftover,
                order
                    .map(it -> kept(Optional.ofNullable(replies.get(it))))
                    .orElse(Optional.of("its migration is not recorded any more")))));
    int kept = found.leftovers().size() - removable.size();
    return new Removed(outcomes, found.unseen(), kept, removable.size() > MOST_REMOVALS);
  }

  private Optional<Traces.Removal> order(Leftover leftover) {
    Trace trace = leftover.trace();
    return trace
        .migration()
        .flatMap(migrations::find)
        .map(MigrationRow::migration)
        .map(of ->
            new Traces.Removal(
                leftover.host(), of.id(), of.epoch(), of.instance(), trace.kind(), trace.name()));
  }

  /** Why it is not gone, as far as is known. */
  private static Optional<String> kept(Optional<StepReply> reply) {
    return reply.isEmpty()
        ? Optional.of("no answer within %d s".formatted(REMOVE.toSeconds()))
        : switch (reply.get()) {
          case StepReply.Done _, StepReply.None() -> Optional.empty();
          case StepReply.Refused(var reason) -> Optional.of(reason.sentence());
          case StepReply.Unanswered(String why) -> Optional.of(why);
        };
  }

  /** The record as it is now; the living migrations are read once. */
  private final class Recorded implements Judgement.Records {
    private final List<Migrations.Living> living = migrations.living();

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
          .anyMatch(
              it -> it.source().equals(host) || it.destination().map(host::equals).orElse(true));
    }
  }
}

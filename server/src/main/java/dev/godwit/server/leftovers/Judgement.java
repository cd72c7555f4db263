package dev.godwit.server.leftovers;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.model.TaskState;
import dev.godwit.core.model.Trace;
import dev.godwit.core.model.VmState;
import dev.godwit.server.leftovers.Leftover.Verdict;
import dev.godwit.server.store.Instance;
import dev.godwit.server.store.MigrationRow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Compares what a host holds with the record. Nothing is concluded from what is not recorded. */
final class Judgement {
  /** A dry run makes proofs that no record knows; it takes seconds. */
  private static final Duration DRY_RUN = Duration.ofMinutes(10);

  private static final String LOOK = "Find out whose it is, then remove it by hand.";

  /** The record, as far as it is asked. */
  interface Records {
    Optional<Instance> instance(InstanceId id);

    Optional<MigrationRow> migration(MigrationId id);

    /** True while a migration of the instance is not over, or owes something. */
    boolean moving(InstanceId id);

    /** True while any migration to or from the host is not over. */
    boolean busy(HostName host);
  }

  private final Records records;

  Judgement(Records records) {
    this.records = records;
  }

  Verdict of(HostName host, Trace trace) {
    if (underWay(trace)) {
      return new Verdict.Needed();
    }
    return switch (trace.kind()) {
      case DISK -> disk(host, trace);
      case PROOF -> proof(trace);
      case DOMAIN -> domain(host, trace);
      case NOTE -> note();
      case PORT ->
          records.busy(host)
              ? new Verdict.Needed()
              : new Verdict.Kept(
                  "no migration to this host is under way",
                  "Find out what listens there (ss -ltnp); a QEMU that waits for no guest may be ended.");
      case DIRECTORY, UNFINISHED ->
          atHome(host, trace)
              ? new Verdict.Needed()
              : new Verdict.Kept(trace.kept().orElse(trace.seen()), LOOK);
    };
  }

  private boolean underWay(Trace trace) {
    boolean task =
        trace
            .instance()
            .flatMap(records::instance)
            .filter(it -> it.taskState() != TaskState.NONE)
            .isPresent();
    return task
        || trace.instance().map(records::moving).orElse(false)
        || trace.migration().flatMap(records::migration).map(row -> !rests(row)).orElse(false);
  }

  private static boolean rests(MigrationRow row) {
    return row.over() && row.migration().rests();
  }

  /** The record has the instance on this host; what hosts share is at home with any of them. */
  private boolean atHome(HostName host, Trace trace) {
    return living(trace)
        .filter(it -> trace.common() || it.host().equals(Optional.of(host)))
        .isPresent();
  }

  private Optional<Instance> living(Trace trace) {
    return trace
        .instance()
        .flatMap(records::instance)
        .filter(it -> it.vmState() != VmState.DELETED);
  }

  private Verdict disk(HostName host, Trace trace) {
    if (trace.migration().isEmpty()) {
      return atHome(host, trace) ? new Verdict.Needed() : ownDisk(trace);
    }
    Optional<MigrationRow> row = trace.migration().flatMap(records::migration);
    if (row.isEmpty()) {
      return new Verdict.Kept(
          "no migration of that id is recorded",
          "If the record was lost: the next migration of the instance to this host clears it. Else find out what made it.");
    }
    if (!Optional.of(row.get().migration().instance()).equals(trace.instance())) {
      return new Verdict.Kept("that migration was of another instance", LOOK);
    }
    if (atHome(host, trace)) {
      return new Verdict.Kept(
          "the instance lives on this host: it may be its disk, although it is marked as arriving",
          "Compare it with the guest's definition (virsh domblklist); virsh knows which disks are used.");
    }
    return trace
        .kept()
        .<Verdict>map(why -> new Verdict.Kept(why, LOOK))
        .orElseGet(() -> removable(row.get()));
  }

  private static Verdict removable(MigrationRow row) {
    return new Verdict.Removable(
        "migration %d, which made it, is over, and its instance is elsewhere"
            .formatted(row.migration().number()));
  }

  private Verdict ownDisk(Trace trace) {
    Optional<Instance> living = living(trace);
    return new Verdict.Kept(
        living
            .map(it ->
                it.host()
                    .map(home ->
                        "its instance lives on %s: this is what it was before".formatted(home))
                    .orElse("its instance is on no host"))
            .orElse(
                trace.instance().isPresent()
                    ? "its instance is deleted, or not recorded"
                    : trace.seen()),
        "No migration was making it, so nothing proves that it is of no use. See that the instance runs well where it is, then remove disk and marker by hand.");
  }

  private Verdict proof(Trace trace) {
    Optional<MigrationRow> row = trace.migration().flatMap(records::migration);
    if (row.isPresent()) {
      return trace
          .kept()
          .<Verdict>map(why -> new Verdict.Kept(why, LOOK))
          .orElseGet(() ->
              new Verdict.Removable(
                  "migration %d is over".formatted(row.get().migration().number())));
    }
    return trace.age().compareTo(DRY_RUN) < 0
        ? new Verdict.Needed()
        : new Verdict.Kept(
            "no migration of that id is recorded: a dry run's, perhaps",
            "Remove the file; the agent does so by itself when it still knows of it.");
  }

  private Verdict domain(HostName host, Trace trace) {
    if (atHome(host, trace)) {
      return new Verdict.Needed();
    }
    String what =
        trace
            .migration()
            .map(by -> "%s, brought by %s".formatted(trace.seen(), words(by)))
            .orElse(trace.seen());
    return new Verdict.Kept(
        living(trace)
            .flatMap(Instance::host)
            .map(home -> "%s, although the record has it on %s".formatted(what, home))
            .orElse(what + ", although no such instance is recorded"),
        "If it runs here, take it over with 'godwit vm adopt'. If it is off, it may have run here: compare its disks before 'virsh undefine'.");
  }

  private String words(MigrationId by) {
    return records
        .migration(by)
        .map(row -> "migration %d, which is over".formatted(row.migration().number()))
        .orElse("migration %s, which is not recorded".formatted(by));
  }

  private static Verdict note() {
    return new Verdict.Kept(
        "the record has no such migration, or says that it is over",
        "Nothing: the instance's next migration to or from this host ends it, and so does its adoption.");
  }

  /** In the order in which an operator wants them: what can go first. */
  static int order(Leftover leftover) {
    return List.of(Verdict.Removable.class, Verdict.Kept.class, Verdict.Needed.class)
        .indexOf(leftover.verdict().getClass());
  }
}

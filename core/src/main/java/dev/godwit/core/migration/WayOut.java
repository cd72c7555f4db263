package dev.godwit.core.migration;

import dev.godwit.core.migration.transfer.Row;
import dev.godwit.core.model.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What an operator can do about a migration that waits for them: in words for people, and the same
 * as hosts.
 *
 * @param words as they follow what the migration waits for; empty when there is nothing to do
 * @param end hosts on one of which the guest's copy may be ended with virsh destroy
 * @param home hosts of which one may be ruled the guest's home
 * @param resume hosts on which the guest's copy may be resumed with virsh resume
 * @param because what holds the migration: a {@link Hold}, or a row of the decision table; empty
 *     where nothing does, and where it was stored before that was told
 */
public record WayOut(
    String words, List<HostName> end, List<HostName> home, List<HostName> resume, String because) {
  /** Nothing. */
  public static final WayOut NONE = new WayOut("", List.of(), List.of(), List.of());

  /** Of a guest that no host has. */
  private static final WayOut DEFINE =
      new WayOut(
          "; no host that answers has its definition: look at its disks, and bring it back with"
              + " 'virsh define' where they are the ones",
          List.of(),
          List.of(),
          List.of());

  public WayOut {
    end = List.copyOf(end);
    home = List.copyOf(home);
    resume = List.copyOf(resume);
    because = Objects.requireNonNullElse(because, "");
  }

  /** Of whatever holds it. */
  public WayOut(String words, List<HostName> end, List<HostName> home, List<HostName> resume) {
    this(words, end, home, resume, "");
  }

  /** Of a migration that is held there by the decision table. */
  public WayOut on(Row row) {
    return because(row.name());
  }

  /** Of a migration that something else holds. */
  public WayOut on(Hold hold) {
    return because(hold.name());
  }

  private WayOut because(String word) {
    return new WayOut(words, end, home, resume, word);
  }

  /** A copy that must not go on, and that nobody but an operator may end. */
  public static WayOut endCopy(Migration migration, HostName host) {
    return new WayOut(
        ". To go on, end that with 'virsh destroy %s' on %s".formatted(migration.instance(), host),
        List.of(host),
        List.of(),
        List.of());
  }

  /** The same of one after which nothing runs. */
  public static WayOut endLastCopy(Migration migration, HostName host) {
    return endCopy(migration, host).then("; then start the guest from its disks");
  }

  /** Either of two. */
  public static WayOut endOneCopy(Migration migration) {
    return new WayOut(
        ". To go on, end the one that is not wanted with 'virsh destroy %s' on %s or on %s"
            .formatted(migration.instance(), migration.source(), migration.destination()),
        List.of(migration.source(), migration.destination()),
        List.of(),
        List.of());
  }

  /** A copy that stands still, and may be the guest. */
  static WayOut resumeCopy(Migration migration, HostName host) {
    return resume(". If that copy is the guest, %s", migration, host)
        .then("; then it can be said so");
  }

  /** The same of one whose disks may be newer than its memory. */
  static WayOut resumeOrEndCopy(Migration migration, HostName host) {
    WayOut end = endLastCopy(migration, host);
    WayOut resume =
        resume(
            ". If its disks were not written elsewhere since it stands still, %s", migration, host);
    return new WayOut(
        resume.words + ". Else its memory is old" + end.words,
        end.end,
        resume.home,
        resume.resume,
        resume.because);
  }

  /** A source that was left paused, where nobody knows where to its guest may have gone. */
  static WayOut resumeOrAdopt(Migration migration) {
    WayOut resume = resume(". If it ran nowhere else since, %s", migration, migration.source());
    WayOut end = endCopy(migration, migration.source()).then(adopt(migration));
    return new WayOut(
        resume.words + ". Else its memory is old" + end.words, end.end, List.of(), resume.resume);
  }

  /** The same of a post-copy that broke. */
  static WayOut recoverOrAdopt(Migration migration) {
    WayOut end = endCopy(migration, migration.source()).then(adopt(migration));
    return new WayOut(
        ". Recover it with 'virsh migrate --postcopy-resume', and its end is seen here. If that cannot be, the guest is lost"
            + end.words
            + ", and start it from its disks there",
        end.end,
        List.of(),
        List.of());
  }

  private static String adopt(Migration migration) {
    return "; then, where it is by 'godwit explain %s', take it over with 'godwit vm adopt --host HOST %s'"
        .formatted(migration.instance(), migration.instance());
  }

  /** Say it of a copy that is there, although the record says that the guest is at home. */
  static WayOut ruleCopy(Migration migration, HostName host, HostName home) {
    return rule(". If that copy is the guest, say so: %s", migration, List.of(host))
        .then(
            " (what %s has of it is removed). Else save what is needed of its disks before anybody ends it"
                .formatted(home));
  }

  /** Say of a guest whose disks nobody can tell apart by looking which are the ones. */
  public static WayOut rule(Migration migration, Observation seen) {
    List<HostName> homes =
        homes(migration, seen.sourceHasDefinition(), seen.destinationHasDefinition());
    if (!homes.isEmpty()) {
      return rule(
          "; look at its disks on both hosts, then say which are the ones: %s", migration, homes);
    }
    List<HostName> dead = homes(migration, seen.sourceDead(), seen.destinationDead());
    return dead.isEmpty()
        ? DEFINE
        : rule(
            "; no host that answers has its definition: bring one back that has, or, if none will"
                + " come back, say whose disks are the ones: %s",
            migration, dead);
  }

  private static List<HostName> homes(Migration migration, boolean source, boolean destination) {
    List<HostName> homes = new ArrayList<>();
    if (source) {
      homes.add(migration.source());
    }
    if (destination) {
      homes.add(migration.destination());
    }
    return homes;
  }

  private static WayOut rule(String words, Migration migration, List<HostName> homes) {
    String say =
        "godwit migration rule %d --home %s --reason TEXT"
            .formatted(
                migration.number(),
                homes.stream().map(HostName::value).collect(Collectors.joining("|")));
    return new WayOut(words.formatted(say), List.of(), homes, List.of());
  }

  private static WayOut resume(String words, Migration migration, HostName host) {
    String resume =
        "let it run on with 'virsh resume %s' on %s".formatted(migration.instance(), host);
    return new WayOut(words.formatted(resume), List.of(), List.of(), List.of(host));
  }

  WayOut then(String more) {
    return new WayOut(words + more, end, home, resume, because);
  }
}

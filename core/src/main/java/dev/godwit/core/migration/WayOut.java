package dev.godwit.core.migration;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an operator can do about a migration that waits for them. It stands in the migration's
 * reason, in words: they are written and read here only.
 *
 * @param end hosts on one of which the guest's copy may be ended with virsh destroy
 * @param home hosts of which one may be ruled the guest's home
 * @param resume hosts on which the guest's copy may be resumed with virsh resume
 */
public record WayOut(List<HostName> end, List<HostName> home, List<HostName> resume) {
  private static final String HOST = "([\\w-]+(?:\\.[\\w-]+)*)";
  private static final Pattern END =
      Pattern.compile("'virsh destroy \\S+' on " + HOST + "(?: or on " + HOST + ")?");

  /** Of a guest that no host has. */
  private static final String NO_HOME =
      "no host that answers has its definition: look at its disks, and bring it back with 'virsh define' where they are the ones";

  private static final Pattern RULE =
      Pattern.compile("godwit migration rule \\d+ --home ([\\w.|-]+) ");

  private static final Pattern RESUME = Pattern.compile("'virsh resume \\S+' on " + HOST);

  public WayOut {
    end = List.copyOf(end);
    home = List.copyOf(home);
    resume = List.copyOf(resume);
  }

  /** What a reason tells; nothing in most. */
  public static WayOut in(String why) {
    Matcher end = END.matcher(why);
    Matcher rule = RULE.matcher(why);
    Matcher resume = RESUME.matcher(why);
    return new WayOut(
        end.find()
            ? hosts(Stream.of(end.group(1), Optional.ofNullable(end.group(2)).orElse("")))
            : List.of(),
        rule.find() ? hosts(Stream.of(rule.group(1).split("\\|"))) : List.of(),
        resume.find() ? hosts(Stream.of(resume.group(1))) : List.of());
  }

  private static List<HostName> hosts(Stream<String> names) {
    return names.filter(name -> !name.isEmpty()).map(HostName::new).toList();
  }

  /** A copy that must not go on, and that nobody but an operator may end. */
  public static String endCopy(InstanceId instance, HostName host) {
    return "To go on, end that with 'virsh destroy %s' on %s".formatted(instance, host);
  }

  /** The same of one after which nothing runs. */
  public static String endLastCopy(InstanceId instance, HostName host) {
    return endCopy(instance, host) + "; then start the guest from its disks";
  }

  /** Either of two. */
  public static String endOneCopy(Migration migration) {
    return "To go on, end the one that is not wanted with 'virsh destroy %s' on %s or on %s"
        .formatted(migration.instance(), migration.source(), migration.destination());
  }

  /** A copy that stands still, and may be the guest. */
  static String resumeCopy(InstanceId instance, HostName host) {
    return "let it run on with 'virsh resume %s' on %s".formatted(instance, host);
  }

  /** Say it of a copy that is there, although the record says that the guest is not. */
  static String ruleCopy(Migration migration, HostName host) {
    return "say so: " + say(migration, List.of(host));
  }

  /** Say of a guest whose disks nobody can tell apart by looking which are the ones. */
  public static String rule(Migration migration, Observation seen) {
    List<HostName> homes =
        homes(migration, seen.sourceHasDefinition(), seen.destinationHasDefinition());
    if (!homes.isEmpty()) {
      return "look at its disks on both hosts, then say which are the ones: "
          + say(migration, homes);
    }
    List<HostName> dead = homes(migration, seen.sourceDead(), seen.destinationDead());
    return dead.isEmpty()
        ? NO_HOME
        : "no host that answers has its definition: bring one back that has, or, if none will come back, say whose disks are the ones: "
            + say(migration, dead);
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

  private static String say(Migration migration, List<HostName> homes) {
    return "godwit migration rule %d --home %s --reason TEXT"
        .formatted(
            migration.number(),
            homes.stream().map(HostName::value).collect(Collectors.joining("|")));
  }
}

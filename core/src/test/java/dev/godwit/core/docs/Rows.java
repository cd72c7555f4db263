package dev.godwit.core.docs;

import dev.godwit.core.migration.transfer.Row;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The decision table, and where the numbered cases are found in it. */
final class Rows {
  private static final List<String> CASES =
      List.of(
          "The source's job lives; the destination is absent or incoming",
          "The destination runs or is paused, its incoming job lives: Finish executes",
          "The destination runs, its job over; the source is paused and its job lives",
          "The destination runs, its job over; the source is gone",
          "The destination runs, its job over; the source is paused without a job",
          "The source is paused without a job; the destination is absent and never ran",
          "The source is paused without a job; the destination is still incoming",
          "The source is paused without a job; the destination is gone and may have run",
          "The source is paused; the destination is unknown (when it is known dead: 6 or 8)",
          "The source runs without a job; the destination is absent",
          "The source runs without a job; the destination is incoming",
          "The source runs without a job; the destination is unknown",
          "Both run without a job: a split, made by libvirt",
          "The source is unknown; the destination runs, its job over",
          "The source is unknown or dead; the destination is anything less",
          "The source is gone by a normal end; the destination never ran",
          "The source is gone as migrated; the destination ran and is gone",
          "The source is gone; the destination is unknown or dead",
          "Gone on both sides without a trace",
          "Post-copy switches; the destination is incoming",
          "The destination runs in post-copy",
          "Post-copy broke; the destination runs",
          "Post-copy broke; the destination is gone or dead",
          "The source is gone or dead before post-copy ended",
          "The source is paused by an I/O error of its own; the destination does not run");

  private Rows() {}

  private record Looks(String source, String destination) {}

  private static Looks looks(Row row) {
    return switch (row) {
      case NOT_STARTED -> new Looks("no job; never ordered", "inactive");
      case INTERRUPTED -> new Looks("no job; ordered, and the agent restarted", "clean");
      case STARTING -> new Looks("no job; ordered", "inactive");
      case PLAN_OUTDATED -> new Looks("no job; paused or running against the plan", "inactive");
      case COPYING -> new Looks("job lives", "absent, incoming, unknown or dead");
      case FINISHING ->
          new Looks(
              "anything; or running and its job lives",
              "running, or paused by user; incoming job lives; or arrived paused by its owner");
      case ARRIVED -> new Looks("job lives", "running (or stopped after it ran), no job");
      case ARRIVED_PAUSED ->
          new Looks("job lives", "paused, no job; the owner had paused the guest");
      case ARRIVED_SOURCE_GONE ->
          new Looks("inactive or dead", "running, or arrived paused; no job");
      case ARRIVED_SOURCE_STUCK ->
          new Looks("stopped, no job", "running, or arrived paused; no job");
      case STRICT_SOURCE_STOPPING -> new Looks("job lives", "arrived paused (strict)");
      case STRICT_SOURCE_UNKNOWN -> new Looks("unknown", "arrived paused (strict)");
      case STRICT_MAY_BE_OLD ->
          new Looks("dead, or gone and may have run on", "arrived paused (strict, shared disk)");
      case COPY_MAY_BE_OLD ->
          new Looks("dead, or gone and may have run on", "arrived paused (strict, copied disk)");
      case STRICT_SOURCE_RUNS -> new Looks("no job; ran on", "arrived paused and never ran");
      case NEVER_RAN -> new Looks("paused by the move, no job", "inactive or dead, never ran");
      case INCOMING_LEFT -> new Looks("paused, no job", "incoming");
      case INCOMING_ABANDONED ->
          new Looks("paused without a job, gone or dead", "incoming, unchanged for 35 s");
      case INCOMING_MAY_BE_WHOLE ->
          new Looks("gone or dead", "incoming and defined, unchanged for 35 s");
      case COPIES_ONLY ->
          new Looks("paused by the move, no job", "inactive or dead, may have run; no shared disk");
      case SHARED_DISK_MAY_HAVE_CHANGED ->
          new Looks("paused, no job", "inactive or dead, may have run; a writable disk is shared");
      case DESTINATION_UNKNOWN -> new Looks("stopped, or in a post-copy", "unknown");
      case COPY_FAILED ->
          new Looks("running, no job; the call is over", "inactive or dead, never ran");
      case COPY_FAILED_AFTER_RUN ->
          new Looks("running, no job; the call is over", "inactive or dead, may have run; copies");
      case COPY_FAILED_OVER_NEWER_DISK ->
          new Looks(
              "running, no job; the call is over",
              "inactive or dead, may have run; a writable disk is shared");
      case COPY_FAILED_INCOMING -> new Looks("running, no job", "incoming");
      case SOURCE_RUNS_DESTINATION_UNKNOWN -> new Looks("running, no job", "unknown");
      case SPLIT -> new Looks("running, no job", "running (or stopped after it ran), no job");
      case BOTH_STOPPED -> new Looks("stopped in its own way, no job", "stopped after it ran");
      case ARRIVED_SOURCE_UNKNOWN -> new Looks("unknown", "running, no job");
      case SOURCE_UNKNOWN -> new Looks("unknown", "not running, or dead");
      case SOURCE_DEAD -> new Looks("dead", "inactive, never ran");
      case DESTINATION_DEAD -> new Looks("no job; never ordered", "dead");
      case MOVED_TO_DEAD_HOST -> new Looks("inactive: migrated", "dead");
      case BOTH_DEAD -> new Looks("dead", "dead");
      case BOTH_UNKNOWN -> new Looks("unknown", "unknown");
      case ENDED_AT_SOURCE -> new Looks("inactive, by a normal end", "never ran");
      case ENDED_AT_DESTINATION -> new Looks("inactive: migrated", "inactive, may have run");
      case SOURCE_GONE_DESTINATION_UNKNOWN -> new Looks("inactive or dead", "unknown");
      case SOURCE_GONE_INCOMING -> new Looks("inactive or dead", "incoming");
      case LOST -> new Looks("inactive or dead", "inactive or dead; a disk was copied");
      case SHARED_OFF_AT_SOURCE ->
          new Looks("inactive, defined", "inactive or dead; every disk is shared");
      case SHARED_OFF_AT_DESTINATION ->
          new Looks("inactive, not defined, or dead", "inactive, defined; every disk is shared");
      case RULED_FOR_SOURCE -> new Looks("inactive; an operator ruled", "inactive or dead");
      case RULED_FOR_DESTINATION -> new Looks("inactive or dead", "inactive; an operator ruled");
      case POST_COPY_SWITCHING -> new Looks("paused (post-copy)", "not running yet");
      case POST_COPY_RUNNING -> new Looks("anything but ended", "running (post-copy)");
      case POST_COPY_LOST -> new Looks("paused (post-copy failed)", "inactive or dead");
      case POST_COPY_SOURCE_GONE ->
          new Looks("inactive, not migrated, or dead", "running (post-copy)");
      case STAYED_PAUSED ->
          new Looks("paused by its owner or an I/O error, no job", "inactive, not on a newer disk");
      case PAUSED_TO_COMPLETE ->
          new Looks("paused by user, no job; force-complete was asked", "inactive");
    };
  }

  static String table() {
    return Arrays.stream(Row.values())
        .map(row -> {
          Looks looks = looks(row);
          return "| `%s` | %s | %s | %s | `%s` | %s | %s |"
              .formatted(
                  row,
                  row.numbers(),
                  looks.source,
                  looks.destination,
                  row.verdict(),
                  row.needsTwoLooks() ? "two" : "one",
                  row.meaning());
        })
        .collect(
            Collectors.joining(
                "\n",
                """
                | row | case | source | destination | verdict | looks | meaning |
                | --- | --- | --- | --- | --- | --- | --- |
                """,
                "\n"));
  }

  static String cases() {
    return IntStream.rangeClosed(1, CASES.size())
        .mapToObj(
            number -> "| %d | %s | %s |".formatted(number, CASES.get(number - 1), rows(number)))
        .collect(
            Collectors.joining(
                "\n",
                """
                | case | what is seen | row |
                | --- | --- | --- |
                """,
                "\n"));
  }

  private static String rows(int number) {
    return Arrays.stream(Row.values())
        .filter(row -> Arrays.asList(row.numbers().split(", ")).contains(String.valueOf(number)))
        .map(row -> "`" + row + "`")
        .collect(Collectors.joining(", "));
  }
}

package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Transition;
import dev.godwit.core.migration.prepare.PrepareStep;
import dev.godwit.core.migration.prepare.RollbackStep;
import dev.godwit.core.migration.settle.SettleStep;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which cases there are; nothing is started here. */
final class MatrixTest {
  private final Matrix matrix = new Matrix(Mode.PLAIN);

  private List<Case> only(String... words) {
    return matrix.all().stream().filter(it -> it.has(List.of(words))).toList();
  }

  @Test
  void every_case_has_a_name_of_its_own() {
    assertThat(matrix.all()).extracting(Case::name).doesNotHaveDuplicates();
  }

  @Test
  void every_victim_but_nobody_is_struck_on_both_kinds_of_storage_where_it_has_a_part() {
    Set<Victim> copied = victims(only("copied"));
    assertThat(copied).isEqualTo(EnumSet.complementOf(EnumSet.of(Victim.NOBODY)));
    Set<Victim> shared = victims(only("shared"));
    assertThat(shared)
        .isEqualTo(EnumSet.complementOf(EnumSet.of(Victim.NOBODY, Victim.DESTINATION_DISK)));
  }

  @Test
  void the_short_selection_has_every_victim_and_every_way_and_nothing_that_is_not_in_the_matrix() {
    List<Case> selection = new Selection().cases();
    assertThat(victims(selection)).isEqualTo(EnumSet.complementOf(EnumSet.of(Victim.NOBODY)));
    // Those that harm something themselves take long: the whole matrix has them.
    assertThat(selection)
        .extracting(Case::way)
        .contains(Arrays.stream(Way.values()).filter(way -> !way.compound()).toArray(Way[]::new))
        .contains(Way.SPLIT);
    assertThat(matrix.all()).containsAll(selection);
  }

  @Test
  void the_guest_is_resumed_in_a_step_of_its_own_where_it_does_not_run_yet_when_it_is_committed() {
    Moment running = new Moment.Entry("SETTLE_NEXT", "DESTINATION_RUNNING");
    assertThat(only("success")).extracting(Case::moment).doesNotContain(running);
    assertThat(only("post-copy")).extracting(Case::moment).contains(running);
    List<Case> strict = new Matrix(Mode.STRICT).all();
    assertThat(strict.stream().filter(it -> it.moment().equals(running)))
        .isNotEmpty()
        .allSatisfy(it -> assertThat(it.way()).isIn(Way.SUCCESS, Way.AUTOSTART));
    assertThat(strict).extracting(Case::way).doesNotContain(Way.POST_COPY);
  }

  @Test
  void a_guest_that_starts_with_its_host_is_struck_where_its_move_differs_whatever_the_hand_over() {
    for (Mode mode : Mode.values()) {
      List<Case> autostart =
          new Matrix(mode).all().stream().filter(it -> it.way() == Way.AUTOSTART).toList();
      assertThat(autostart).allSatisfy(it -> assertThat(it.storage()).isEqualTo(Storage.SHARED));
      for (Moment moment :
          List.of(
              new Moment.Entry("PREPARE_NEXT", "SOURCE_AUTOSTART"),
              new Moment.Entry("SETTLE_NEXT", "DESTINATION_RUNNING"))) {
        List<Case> there = autostart.stream().filter(it -> it.moment().equals(moment)).toList();
        assertThat(victims(there))
            .containsAll(Victim.PROCESSES)
            .contains(Victim.LINK_TO_SOURCE, Victim.LINK_TO_DESTINATION);
        assertThat(there.stream().map(Case::harm)).contains(Harm.KILL, Harm.FREEZE, Harm.CUT);
      }
    }
  }

  @Test
  void a_move_is_aborted_while_its_disks_are_made_only_where_disks_are_made() {
    assertThat(only("early-abort"))
        .isNotEmpty()
        .allSatisfy(it -> {
          assertThat(it.storage()).isEqualTo(Storage.COPIED);
          assertThat(it.moment()).isEqualTo(new Moment.Entry("CANCEL_PREPARING"));
        });
  }

  @Test
  void the_incoming_qemu_is_killed_from_its_start_until_nothing_waits_for_it() {
    assertThat(only("copied", "success", "incoming-qemu"))
        .extracting(Case::moment)
        .contains(
            new Moment.Incoming(Duration.ZERO),
            new Moment.Copying(1, 4),
            new Moment.Resumed(),
            new Moment.Entry("COMMIT"),
            new Moment.Entry("SETTLE_NEXT", "DESTINATION_OWNED"))
        .doesNotContain(new Moment.Entry("TRANSFER"), new Moment.Entry("COMPLETE"));
  }

  @Test
  void the_incoming_qemu_stands_still_at_the_moments_at_which_it_is_killed() {
    assertThat(moments("shared", "success", "incoming-qemu", "freeze"))
        .isEqualTo(moments("shared", "success", "incoming-qemu", "kill"));
    assertThat(moments("copied", "success", "incoming-qemu", "freeze"))
        .isEqualTo(moments("copied", "success", "incoming-qemu", "kill"))
        .contains(new Moment.Resumed());
  }

  private Set<Moment> moments(String... words) {
    return only(words).stream().map(Case::moment).collect(Collectors.toSet());
  }

  @Test
  void words_choose_cases_by_parts_of_their_names() {
    assertThat(only("copied", "server", "COMMIT"))
        .isNotEmpty()
        .allSatisfy(it -> {
          assertThat(it.storage()).isEqualTo(Storage.COPIED);
          assertThat(it.victim()).isEqualTo(Victim.SERVER);
          assertThat(it.moment()).isEqualTo(new Moment.Entry("COMMIT"));
        });
    assertThat(only("libvirtd"))
        .extracting(Case::victim)
        .contains(Victim.SOURCE_LIBVIRTD, Victim.DESTINATION_LIBVIRTD)
        .doesNotContain(Victim.SERVER);
    assertThat(only("nonsense")).isEmpty();
  }

  @Test
  void each_kind_of_move_is_made_untouched_once_before_it_is_first_struck() {
    List<Case> cases = matrix.measured(only("copied"));
    assertThat(cases.stream().filter(it -> it.victim() == Victim.NOBODY))
        .hasSize((int) only("copied").stream().map(Case::way).distinct().count());
    Case first = cases.getFirst();
    assertThat(first.victim()).isEqualTo(Victim.NOBODY);
    assertThat(cases.get(1).untouched()).isEqualTo(first);
  }

  /** What the journal may keep, and no case is struck at, with the reason. */
  private static final Map<String, String> UNSTRUCK =
      Map.ofEntries(
          Map.entry("REFUSE", "nothing was made anywhere, and it is the first entry and the last"),
          Map.entry(
              "CANCEL_ACCEPTED", "the same: an abort comes in the milliseconds before a plan"),
          Map.entry("CANCEL_PLANNED", "a plan is begun with before an abort can come"),
          Map.entry("REPLAN", "a server has to stand still for two minutes just after a plan"),
          Map.entry("START_GIVEN_UP", "a source that lives has to refuse a copy for a minute"),
          Map.entry(
              "SOURCE_RAN",
              "libvirt has to lose Finish's answer after its job at the destination is over, within"
                  + " milliseconds; the other end of a split is struck, at DESTINATION_SUSPENDED"),
          Map.entry("HOST_DIED", "the source has to be silent, and the destination fenced"),
          Map.entry("RULED_BACK", "it follows SOURCE_RAN or HOST_DIED, and an operator"),
          Map.entry(
              "COPY_FOUND", "the record has to lose an entry that its database had confirmed"),
          Map.entry("RULED_ON", "it follows a stray that is the last copy, and an operator"),
          Map.entry(
              "DESTINATION_RAN",
              "libvirt has to execute a Finish between two looks after the source gave it up"),
          Map.entry("CANCELLED_HOST_RETURNED", "one with FAILED_HOST_RETURNED in all but its name"),
          Map.entry("PREPARE_NEXT:DESTINATION_DIRECTORIES", "the first step is begun by PREPARE"),
          Map.entry("SETTLE_NEXT:SOURCE_SUSPENDED", "it is begun by SOURCE_RAN and its like only"),
          Map.entry("SETTLE_NEXT:POST_COPY_RECOVERED", "it is begun by POST_COPY_BROKE only"),
          Map.entry(
              "ROLL_BACK_NEXT:TRANSFER_FORBIDDEN", "it is begun by CANCEL_PREPARING and its like"),
          Map.entry(
              "ROLL_BACK_NEXT:DESTINATION_SUSPENDED",
              "it is begun by TRANSFER_FAILED and its like"));

  /** Each transition, and each step that one of them may lead to as the next. */
  private static Stream<String> entries() {
    return Stream.of(
            Arrays.stream(Transition.values()).map(Enum::name),
            Arrays.stream(PrepareStep.values()).map(step -> "PREPARE_NEXT:" + step),
            Arrays.stream(SettleStep.values()).map(step -> "SETTLE_NEXT:" + step),
            Arrays.stream(RollbackStep.values()).map(step -> "ROLL_BACK_NEXT:" + step))
        .flatMap(words -> words);
  }

  private static Set<String> struck() {
    return Arrays.stream(Mode.values())
        .flatMap(mode -> new Matrix(mode).all().stream())
        .map(Case::moment)
        .filter(Moment.Entry.class::isInstance)
        .map(Moment.Entry.class::cast)
        .flatMap(entry -> Stream.of(entry.transition(), entry.word()))
        .collect(Collectors.toSet());
  }

  @Test
  void each_transition_and_step_is_struck_at_or_there_is_a_reason_why_it_cannot_be() {
    Set<String> struck = struck();
    assertThat(entries())
        .allSatisfy(entry ->
            assertThat(struck.contains(entry))
                .as("%s is a moment, or it is said why it is none", entry)
                .isNotEqualTo(UNSTRUCK.containsKey(entry)));
    assertThat(entries()).containsAll(UNSTRUCK.keySet());
    List<String> known = entries().toList();
    assertThat(struck.stream().map(word -> word.split(":")[0])).isSubsetOf(known);
  }

  @Test
  void what_is_struck_while_a_first_harm_is_ended_is_no_more_than_sixty_cases() {
    assertThat(matrix.all().stream().filter(it -> it.way().compound())).hasSizeBetween(30, 60);
    assertThat(matrix.all()).hasSizeLessThan(940);
  }

  private static Set<Victim> victims(List<Case> cases) {
    return cases.stream().map(Case::victim).collect(Collectors.toSet());
  }
}

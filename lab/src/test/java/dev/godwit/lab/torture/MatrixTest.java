package dev.godwit.lab.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
    assertThat(selection).extracting(Case::way).contains(Way.values());
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
        .allSatisfy(it -> assertThat(it.way()).isEqualTo(Way.SUCCESS));
    assertThat(strict).extracting(Case::way).doesNotContain(Way.POST_COPY);
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
        .hasSize(Way.values().length);
    Case first = cases.getFirst();
    assertThat(first.victim()).isEqualTo(Victim.NOBODY);
    assertThat(cases.get(1).untouched()).isEqualTo(first);
  }

  private static Set<Victim> victims(List<Case> cases) {
    return cases.stream().map(Case::victim).collect(Collectors.toSet());
  }
}

package dev.godwit.core.migration;

import static dev.godwit.core.migration.Moves.in;
import static dev.godwit.core.migration.Moves.views;
import static dev.godwit.core.migration.transfer.Views.DEAD;
import static dev.godwit.core.migration.transfer.Views.absent;
import static dev.godwit.core.migration.transfer.Views.ranAndEnded;
import static dev.godwit.core.migration.transfer.Views.sourceGone;
import static dev.godwit.core.migration.transfer.Views.sourceGoneDefined;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.migration.transfer.GuestView.End;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.Row;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WayOutTest {
  private static final Migration MOVE = in(new Phase.Transferring(), Plans.copied(), Wishes.NONE);
  private static final InstanceId GUEST = MOVE.instance();
  private static final HostName SOURCE = MOVE.source();
  private static final HostName DESTINATION = MOVE.destination();

  @Test
  void a_copy_that_may_be_ended_is_named_by_its_host() {
    for (WayOut end : List.of(WayOut.endCopy(MOVE, SOURCE), WayOut.endLastCopy(MOVE, SOURCE))) {
      assertThat(end.words()).contains("'virsh destroy %s' on %s".formatted(GUEST, SOURCE));
      assertThat(end.end()).containsExactly(SOURCE);
      assertThat(end.home()).isEmpty();
      assertThat(end.resume()).isEmpty();
    }
    WayOut either = WayOut.endOneCopy(MOVE);
    assertThat(either.words()).contains("on %s or on %s".formatted(SOURCE, DESTINATION));
    assertThat(either.end()).containsExactly(SOURCE, DESTINATION);
  }

  @Test
  void a_copy_that_may_be_resumed_is_named_by_its_host() {
    String words = "let it run on with 'virsh resume %s' on %s".formatted(GUEST, DESTINATION);

    WayOut resume = WayOut.resumeCopy(MOVE, DESTINATION);
    assertThat(resume.words()).contains(words).doesNotContain("destroy");
    assertThat(resume.resume()).containsExactly(DESTINATION);
    assertThat(resume.end()).isEmpty();

    WayOut orEnd = WayOut.resumeOrEndCopy(MOVE, DESTINATION);
    assertThat(orEnd.words()).contains(words).endsWith(orEnd(DESTINATION));
    assertThat(orEnd.resume()).containsExactly(DESTINATION);
    assertThat(orEnd.end()).containsExactly(DESTINATION);
  }

  private static String orEnd(HostName host) {
    return "Else its memory is old" + WayOut.endLastCopy(MOVE, host).words();
  }

  @Test
  void a_home_is_asked_for_among_the_hosts_that_have_the_definition_or_else_the_dead() {
    HostView defined = sourceGoneDefined(End.SHUT_DOWN);
    HostView gone = sourceGone(End.UNKNOWN);

    assertThat(rule(defined, ranAndEnded()).home()).containsExactly(SOURCE, DESTINATION);
    assertThat(rule(defined, ranAndEnded()).words())
        .endsWith("godwit migration rule 12 --home host-a|host-b --reason TEXT");
    assertThat(rule(defined, DEAD).home()).containsExactly(SOURCE);
    assertThat(rule(gone, DEAD).home()).containsExactly(DESTINATION);
    assertThat(rule(DEAD, DEAD).home()).containsExactly(SOURCE, DESTINATION);
    assertThat(rule(gone, absent()).home()).isEmpty();
    assertThat(rule(gone, absent()).words()).contains("'virsh define'");
  }

  private static WayOut rule(HostView source, HostView destination) {
    return WayOut.rule(MOVE, views(source, destination, Duration.ZERO));
  }

  @Test
  void what_is_awaited_is_told_with_the_way_out_and_nobody_is_offered_one_without_an_alarm() {
    WayOut end = WayOut.endCopy(MOVE, SOURCE);
    Decision.Stay held = Decision.Stay.held("two copies are there", end);

    assertThat(held.alarm()).isTrue();
    assertThat(held.why())
        .isEqualTo(
            "two copies are there. To go on, end that with 'virsh destroy %s' on host-a", GUEST);
    assertThat(held.meanwhile(List.of(), Life.RETRY).wayOut()).isEqualTo(end);
    assertThatThrownBy(() -> new Decision.Stay("all is well", end, false, List.of(), Life.RETRY))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void what_holds_it_is_told_by_whatever_is_said_after_it() {
    WayOut last = WayOut.endLastCopy(MOVE, SOURCE).on(Hold.STRAY);

    assertThat(last.then(", by hand").because()).isEqualTo("STRAY");
  }

  @Test
  void no_hold_is_named_as_a_row_of_the_decision_table() {
    assertThat(Arrays.stream(Hold.values()).map(Hold::name))
        .doesNotContainAnyElementsOf(Arrays.stream(Row.values()).map(Row::name).toList());
  }
}

package dev.godwit.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Hold;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.migration.transfer.Row;
import dev.godwit.core.migration.transfer.Verdict;
import dev.godwit.core.model.HostName;
import dev.godwit.server.store.Waiting;
import dev.godwit.simulation.time.SeededTimeline;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentedTest {
  private static final UUID GUEST = new UUID(0, 1);
  private static final WayOut END =
      new WayOut(". End it", List.of(new HostName("h1")), List.of(), List.of());

  private final Truth truth = new Truth(new Story(new SeededTimeline(new SplittableRandom(1))));
  private final Documented documented = new Documented(truth);

  private static Ledger.Move waiting(WayOut wayOut, boolean alarm) {
    return new Ledger.Move(
        1,
        GUEST,
        "h1",
        Optional.of("h2"),
        "TRANSFERRING",
        false,
        new Waiting("the guest is lost in post-copy", alarm, wayOut),
        Set.of(),
        false,
        new UUID(0, 2),
        "");
  }

  private boolean holds(WayOut wayOut) {
    return documented.holds(waiting(wayOut, true));
  }

  @Test
  void whatever_holds_a_move_has_its_cause() {
    Stream<String> rows =
        Stream.of(Row.values()).filter(row -> row.verdict() == Verdict.HOLD).map(Row::name);
    assertThat(Stream.concat(rows, Stream.of(Hold.values()).map(Hold::name)))
        .allMatch(Documented::has);
  }

  @Test
  void an_alarm_without_a_word_is_no_hold_whatever_it_says_and_whatever_befell_the_guest() {
    truth.runs("h1", GUEST, false, false);
    truth.ends("h1", GUEST, "CRASHED", false);
    truth.lostInPostCopy("h1", GUEST);

    assertThat(holds(WayOut.NONE)).isFalse();
    assertThat(holds(END)).isFalse();
    assertThat(documented.holds(waiting(END.on(Row.LOST), false))).isFalse();
  }

  @Test
  void each_word_excuses_what_it_is_about_and_nothing_else() {
    truth.runs("h1", GUEST, false, false);
    assertThat(holds(END.on(Row.LOST))).isFalse();
    assertThat(holds(END.on(Hold.STRAY))).isFalse();

    truth.ends("h1", GUEST, "CRASHED", false);
    assertThat(holds(END.on(Row.LOST))).isTrue();
    assertThat(holds(END.on(Hold.STRAY))).isFalse();
    assertThat(holds(END.on(Row.POST_COPY_SOURCE_GONE))).isFalse();

    truth.lostInPostCopy("h1", GUEST);
    assertThat(holds(END.on(Row.POST_COPY_SOURCE_GONE))).isTrue();
  }

  @Test
  void one_that_is_lost_in_post_copy_is_held_as_exactly_that_or_for_a_ruling() {
    WayOut resume = new WayOut(". Resume it", List.of(), List.of(), List.of(new HostName("h1")));
    WayOut rule = new WayOut(". Rule", List.of(), List.of(new HostName("h1")), List.of());
    truth.runs("h1", GUEST, false, false);
    truth.runs("h2", GUEST, true, false);
    truth.ends("h2", GUEST, "CRASHED", false);
    truth.ends("h1", GUEST, "CRASHED", false);
    List<WayOut> otherwise =
        List.of(
            END.on(Row.BOTH_STOPPED),
            resume.on(Hold.LAST_COPY),
            END.on(Hold.STRAY),
            END.on(Row.SHARED_DISK_MAY_HAVE_CHANGED),
            END.on(Row.STRICT_MAY_BE_OLD),
            END.on(Row.LOST));
    assertThat(otherwise).allMatch(this::holds);

    truth.lostInPostCopy("h2", GUEST);

    assertThat(otherwise).noneMatch(this::holds);
    assertThat(
            List.of(
                END.on(Row.POST_COPY_LOST),
                END.on(Row.POST_COPY_SOURCE_GONE),
                END.on(Hold.POST_COPY_HANGS),
                END.on(Hold.POST_COPY_SHUT_DOWN),
                rule.on(Row.LOST),
                rule.on(Row.BOTH_STOPPED)))
        .allMatch(this::holds);
  }

  @Test
  void a_source_that_lost_power_excuses_nothing_that_it_has_to_be_there_for() {
    truth.runs("h1", GUEST, false, false);
    truth.powerLost("h1", List.of());

    assertThat(holds(END.on(Row.LOST))).isTrue();
    assertThat(holds(END.on(Row.POST_COPY_LOST))).isFalse();
    assertThat(holds(END.on(Row.SHARED_DISK_MAY_HAVE_CHANGED))).isFalse();
  }

  @Test
  void a_split_excuses_a_stray_only_where_libvirt_made_it() {
    truth.runs("h1", GUEST, false, false);
    truth.runs("h2", GUEST, true, false);

    assertThat(holds(END.on(Hold.STRAY))).isTrue();
    assertThat(holds(END.on(Row.LOST))).isFalse();
    truth.movesAgain(GUEST);
    assertThat(holds(END.on(Hold.STRAY))).isFalse();
  }
}

package dev.godwit.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Decision;
import dev.godwit.core.migration.Hold;
import dev.godwit.core.migration.WayOut;
import dev.godwit.core.model.HostName;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaitingTest {
  private static final WayOut END =
      new WayOut(". End one", List.of(new HostName("host1")), List.of(), List.of());
  private static final Waiting HELD = Waiting.of(Decision.Stay.held("two copies are there", END));

  @Test
  void an_answer_is_told_with_what_is_awaited_unless_one_says_the_other() {
    assertThat(HELD.against("").why()).isEqualTo(HELD.why());
    assertThat(HELD.against("two copies").why()).isEqualTo(HELD.why());
    assertThat(HELD.against("busy: " + HELD.why()).why()).isEqualTo("busy: " + HELD.why());
    assertThat(HELD.against("no room").why()).isEqualTo("no room (" + HELD.why() + ")");
    assertThat(Waiting.NOTHING.against("no room")).isEqualTo(Waiting.of("no room"));
  }

  @Test
  void whatever_is_answered_the_way_out_and_the_alarm_stay() {
    for (String answer : List.of("", "two copies", "busy: " + HELD.why(), "no room")) {
      assertThat(HELD.against(answer).wayOut()).isEqualTo(END);
      assertThat(HELD.against(answer).alarm()).isTrue();
    }
  }

  @Test
  void a_way_out_that_was_stored_before_it_told_what_holds_the_migration_is_read() {
    String stored = StoredJson.text(END);
    String before = stored.replace(",\"because\":\"\"", "");
    assertThat(before).isNotEqualTo(stored);
    assertThat(StoredJson.read(before, WayOut.class)).isEqualTo(END);
    WayOut told = END.on(Hold.STRAY);
    assertThat(StoredJson.read(StoredJson.text(told), WayOut.class)).isEqualTo(told);
  }
}

package dev.godwit.agent.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.core.model.GuestTask;
import dev.godwit.core.model.InstanceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TurnNotesTest {
  private static final InstanceId ONE = InstanceId.of("11111111-1111-4111-8111-111111111111");
  private static final InstanceId OTHER = InstanceId.of("22222222-2222-4222-8222-222222222222");

  @TempDir Path state;
  private Path folder;

  @BeforeEach
  void folder() {
    folder = state.resolve("turns");
  }

  private TurnNotes open() {
    return TurnNotes.open(folder, Clock.systemUTC());
  }

  @Test
  void a_turn_may_be_repeated_and_followed_but_not_gone_back_to() {
    TurnNotes notes = open();

    assertThat(notes.take(new GuestTask(ONE, 5))).isEmpty();
    assertThat(notes.take(new GuestTask(ONE, 5))).isEmpty();
    assertThat(notes.take(new GuestTask(ONE, 9))).isEmpty();
    assertThat(notes.take(new GuestTask(ONE, 5))).contains(9L);
    assertThat(notes.take(new GuestTask(OTHER, 1))).isEmpty();
  }

  @Test
  void what_came_late_is_refused_after_a_restart_too() {
    open().take(new GuestTask(ONE, 9));

    assertThat(open().take(new GuestTask(ONE, 8))).contains(9L);
  }

  @Test
  void turns_are_forgotten_when_no_call_can_be_on_its_way_any_more() {
    open().take(new GuestTask(ONE, 9));

    TurnNotes later = TurnNotes.open(folder, Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));

    assertThat(later.take(new GuestTask(ONE, 1))).isEmpty();
  }

  @Test
  void what_is_no_turn_forbids_all_and_says_where_it_is() throws IOException {
    open().take(new GuestTask(ONE, 9));
    Path file = folder.resolve(ONE + ".turn");
    Files.writeString(file, "nine");

    assertThatThrownBy(() -> open().take(new GuestTask(ONE, 10)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("'nine'");
  }
}

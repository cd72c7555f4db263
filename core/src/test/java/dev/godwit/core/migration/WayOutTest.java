package dev.godwit.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class WayOutTest {
  private static final InstanceId GUEST = new InstanceId(UUID.randomUUID());
  private static final HostName HOST = new HostName("rack-1.example.org");

  @Test
  void a_copy_that_may_be_ended_is_read_as_it_was_written_wherever_it_stands() {
    for (String text : List.of(WayOut.endCopy(GUEST, HOST), WayOut.endLastCopy(GUEST, HOST))) {
      for (String why : List.of(text, "it is held. " + text + ".", "busy (" + text + ")")) {
        assertThat(WayOut.in(why))
            .as(why)
            .isEqualTo(new WayOut(List.of(HOST), List.of(), List.of()));
      }
    }
  }

  @Test
  void a_copy_that_may_be_resumed_is_read_as_it_was_written() {
    String why = "if it is the guest, %s; then".formatted(WayOut.resumeCopy(GUEST, HOST));
    assertThat(WayOut.in(why)).isEqualTo(new WayOut(List.of(), List.of(), List.of(HOST)));
  }

  @Test
  void a_reason_that_tells_none_has_none() {
    assertThat(WayOut.in("the destination does not answer"))
        .isEqualTo(new WayOut(List.of(), List.of(), List.of()));
  }
}

package dev.godwit.agent.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.agent.PassingTempo;
import dev.godwit.libvirt.ErrorCode;
import dev.godwit.libvirt.LibvirtException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CopyWatchTest {
  private final LibvirtException off =
      LibvirtException.reported(ErrorCode.OPERATION_INVALID, "domain is not running");
  private final LibvirtException gone =
      LibvirtException.reported(ErrorCode.NO_DOMAIN, "no domain with matching uuid");
  private final LibvirtException silent =
      LibvirtException.found(LibvirtException.Kind.NO_ANSWER, "no answer");

  private final PassingTempo tempo = new PassingTempo();
  private final CopyWatch watch = new CopyWatch(tempo);

  @Test
  void a_guest_that_is_off_after_its_job_was_seen_is_not_watched_any_more() {
    assertThat(watch.overBy(off)).as("it may have yet to begin").isFalse();
    watch.sees();
    assertThat(watch.overBy(off)).isTrue();
    assertThat(watch.overWithoutJob()).isTrue();
  }

  @Test
  void a_guest_that_is_off_and_never_had_a_job_is_watched_for_a_while_only() {
    tempo.pass(Duration.ofSeconds(10));
    assertThat(watch.overBy(off)).isFalse();
    tempo.pass(Duration.ofSeconds(10));
    assertThat(watch.overBy(off)).isTrue();
    assertThat(watch.overWithoutJob()).isTrue();
  }

  @Test
  void a_guest_that_is_gone_is_not_watched_and_one_that_is_silent_is() {
    assertThat(watch.overBy(gone)).isTrue();
    watch.sees();
    tempo.pass(Duration.ofHours(1));
    assertThat(watch.overBy(silent)).isFalse();
  }

  @Test
  void nothing_is_watched_without_end() {
    watch.sees();
    tempo.pass(Duration.ofDays(6));
    assertThat(watch.tooLong()).isFalse();
    tempo.pass(Duration.ofDays(2));
    assertThat(watch.tooLong()).isTrue();
  }
}

package dev.godwit.server.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.MigrationRequest;
import dev.godwit.core.migration.Observation;
import dev.godwit.core.migration.Phase;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.Wishes;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.GuestView;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.migration.transfer.JobView;
import dev.godwit.core.migration.transfer.RunState;
import dev.godwit.core.migration.transfer.StateReason;
import dev.godwit.core.migration.transfer.TransferRecord;
import dev.godwit.core.model.Epoch;
import dev.godwit.core.model.HandOver;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.MigrationId;
import dev.godwit.core.port.Tempo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LookoutTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
  private static final HostName SOURCE = new HostName("h1");
  private static final HostName DESTINATION = new HostName("h2");
  private static final HostView HANDING_OVER =
      active(RunState.PAUSED, StateReason.MIGRATION, JobView.OUTGOING);
  private static final HostView RESUMED = active(RunState.RUNNING, StateReason.OTHER, JobView.NONE);
  private static final HostView INCOMING =
      active(RunState.PAUSED, StateReason.MIGRATION, JobView.INCOMING);
  private static final HostView ARRIVED =
      active(RunState.RUNNING, StateReason.MIGRATED, JobView.NONE);

  private final Map<HostName, HostView> hosts = new ConcurrentHashMap<>();
  private final AtomicLong nanoTime = new AtomicLong();
  private final CountDownLatch sourceAnswers = new CountDownLatch(1);
  private volatile boolean sourceSilent;
  private volatile Runnable duringLook = () -> {};
  private final Lookout lookout =
      new Lookout(this::observe, (migration, host, view) -> {}, new SteeredTempo());

  /** Stands still but for rests, and for what the test adds. */
  private final class SteeredTempo implements Tempo {
    @Override
    public long nanoTime() {
      return nanoTime.get();
    }

    @Override
    public void rest(Duration length) throws InterruptedException {
      Thread.sleep(length);
      nanoTime.addAndGet(length.toNanos());
    }

    @Override
    public void park(Duration longest) {
      long begin = System.nanoTime();
      LockSupport.parkNanos(longest.toNanos());
      nanoTime.addAndGet(System.nanoTime() - begin);
    }
  }

  private HostView observe(HostName host, Migration migration) {
    duringLook.run();
    if (sourceSilent && host.equals(SOURCE)) {
      try {
        sourceAnswers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return java.util.Objects.requireNonNull(hosts.get(host));
  }

  private static HostView active(RunState state, StateReason reason, JobView job) {
    return new HostView.Seen(
        NOW,
        new GuestView.Active(state, reason, job, 1, true, false),
        new TransferRecord.Started());
  }

  private static Migration copying() {
    TransferPlan plan =
        new TransferPlan(
            DESTINATION,
            "qemu+tls://h2/system",
            "tcp:h2",
            HandOver.FAST,
            List.of(),
            true,
            false,
            false,
            false,
            false,
            false,
            1,
            0,
            300);
    return new Migration(
        MigrationId.of("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"),
        1,
        InstanceId.of("11111111-1111-4111-8111-111111111111"),
        SOURCE,
        new MigrationRequest(Optional.of(DESTINATION), Optional.empty(), Optional.empty()),
        new Phase.Transferring(),
        Optional.of(plan),
        Wishes.NONE,
        new Epoch(1),
        NOW,
        NOW,
        List.of());
  }

  private Observation look() throws InterruptedException {
    return lookout.look(copying(), StepReply.NONE, seen -> seen.destination().equals(ARRIVED));
  }

  private void hosts(HostView source, HostView destination) {
    hosts.put(SOURCE, source);
    hosts.put(DESTINATION, destination);
  }

  @Test
  void a_look_tells_what_both_hosts_hold_and_how_long_that_did_not_change()
      throws InterruptedException {
    hosts(HANDING_OVER, INCOMING);
    assertThat(look().unchangedFor()).isZero();
    nanoTime.addAndGet(Duration.ofSeconds(7).toNanos());

    Observation again = look();

    assertThat(again.source()).isEqualTo(HANDING_OVER);
    assertThat(again.destination()).isEqualTo(INCOMING);
    assertThat(again.unchangedFor()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void a_destinations_report_is_enough_while_a_source_that_was_just_seen_is_silent()
      throws InterruptedException {
    hosts(HANDING_OVER, INCOMING);
    look();
    sourceSilent = true;
    // Reported while the look is under way, which never ends by itself.
    duringLook = () -> lookout.seen(DESTINATION, ARRIVED);
    try {
      Observation seen = look();

      assertThat(seen.source()).isEqualTo(HANDING_OVER);
      assertThat(seen.destination()).isEqualTo(ARRIVED);
    } finally {
      sourceAnswers.countDown();
    }
  }

  @Test
  void a_report_beside_a_source_that_was_seen_long_ago_waits_until_the_source_is_seen()
      throws InterruptedException {
    hosts(HANDING_OVER, INCOMING);
    look();
    hosts(RESUMED, ARRIVED);
    nanoTime.addAndGet(Duration.ofSeconds(4).toNanos());
    lookout.seen(DESTINATION, ARRIVED);

    assertThat(look().source()).isEqualTo(RESUMED);
  }

  @Test
  void a_report_before_the_first_look_waits_for_it() throws InterruptedException {
    hosts(RESUMED, ARRIVED);
    lookout.seen(DESTINATION, ARRIVED);

    assertThat(look().source()).isEqualTo(RESUMED);
  }

  @Test
  void what_was_seen_in_an_earlier_phase_does_not_count() throws InterruptedException {
    hosts(HANDING_OVER, INCOMING);
    look();
    lookout.forget();
    hosts(RESUMED, ARRIVED);
    lookout.seen(DESTINATION, ARRIVED);

    assertThat(look().source()).isEqualTo(RESUMED);
  }

  @Test
  void news_during_a_look_end_the_next_wait_at_once() throws InterruptedException {
    hosts(HANDING_OVER, INCOMING);
    duringLook = lookout::wake;
    look();

    lookout.await(Duration.ofHours(1));

    assertThat(look().destination()).isEqualTo(INCOMING);
  }

  @Test
  void a_full_queue_of_news_does_not_keep_a_look_from_its_end() throws InterruptedException {
    hosts(HANDING_OVER, INCOMING);
    duringLook =
        () -> {
          for (int i = 0; i < 1_000; i++) {
            lookout.seen(SOURCE, HANDING_OVER);
          }
        };

    assertThat(look().destination()).isEqualTo(INCOMING);
  }
}

package dev.godwit.lab.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.lab.host.Argv;
import dev.godwit.lab.host.Await;
import dev.godwit.lab.host.LabFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The prober against a guest that does wrong on purpose: what it does not see, it does not prove.
 */
class WatchTest {
  private static final String ADDRESS = "127.77.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int IGNORED = 40;
  @TempDir static Path folder;
  private static String program;
  private FakeGuest guest;
  private Watch watch;
  private long count;
  private long uptime;

  @BeforeAll
  static void compile() {
    LabFolder lab = new LabFolder(folder.resolve("lab"));
    lab.make();
    program = ProbeProgram.make(lab).toString();
  }

  @BeforeEach
  void begin() throws IOException {
    guest = new FakeGuest(ADDRESS);
    watch = new Watch(ADDRESS, List.of(program, "watch", ADDRESS, "5"));
    Await.until("the follower", PATIENCE, () -> guest.followed());
    tell(1, 1);
    watch.awaitReady(PATIENCE);
    var _ = watch.report();
  }

  @AfterEach
  void end() throws IOException {
    watch.close();
    guest.close();
  }

  private void tell(long counts, long ticks) throws IOException {
    count += counts;
    uptime += ticks;
    guest.count(count, uptime);
  }

  /** Reports until the lines that were told have come through. */
  private WatchReport afterLines(long lines) {
    WatchReport sum = watch.report();
    while (sum.counter().lines() < lines) {
      WatchReport next = watch.report();
      sum =
          new WatchReport(
              sum.sent() + next.sent(),
              sum.lost() + next.lost(),
              next.gap(),
              next.gapTo(),
              next.stall(),
              new WatchReport.Counter(
                  next.counter().connected(),
                  sum.counter().lines() + next.counter().lines(),
                  sum.counter().jumps() + next.counter().jumps(),
                  sum.counter().resets() + next.counter().resets(),
                  next.counter().silence(),
                  sum.counter().firstBreak() + next.counter().firstBreak()),
              merged(sum.synced(), next.synced()));
    }
    return sum;
  }

  private static Map<String, Long> merged(Map<String, Long> earlier, Map<String, Long> later) {
    Map<String, Long> all = new HashMap<>(earlier);
    all.putAll(later);
    return all;
  }

  @Test
  void the_newest_record_that_a_guest_told_of_each_disk_is_kept_until_the_report()
      throws IOException {
    guest.count(2, 2, " vda=41 vdb=7");
    guest.count(3, 3, " vda=43 vdb=7");
    guest.count(4, 4, " vda=42 vdb=8");
    WatchReport report = afterLines(3);
    assertThat(report.synced()).isEqualTo(Map.of("vda", 43L, "vdb", 8L));
    assertThat(report.counter().unbroken()).isTrue();
    assertThat(watch.report().synced()).isEmpty();
  }

  @Test
  void a_guest_that_answers_and_counts_lost_nothing_and_is_unbroken() throws IOException {
    tell(1, 1);
    tell(5, 7);
    WatchReport report = afterLines(2);
    assertThat(report.lost()).isZero();
    assertThat(report.counter().unbroken()).isTrue();
  }

  @Test
  void echoes_that_do_not_come_back_are_counted_and_the_silence_is_as_long_as_it_was() {
    var _ = watch.report();
    guest.ignore(IGNORED);
    long lost = 0;
    Duration gap = Duration.ZERO;
    boolean over;
    do {
      over = guest.ignoredAll();
      WatchReport report = watch.report();
      lost += report.lost();
      gap = report.gap().compareTo(gap) > 0 ? report.gap() : gap;
    } while (!over);
    assertThat(lost).isGreaterThanOrEqualTo(IGNORED);
    // So many echoes are that many ticks of 5 ms apart, but for the first and the last one.
    assertThat(gap).isGreaterThanOrEqualTo(Duration.ofMillis(5L * (IGNORED - 2)));
  }

  @Test
  void a_counter_that_runs_ahead_of_the_guests_own_clock_jumped() throws IOException {
    tell(10, 3);
    assertThat(afterLines(1).counter())
        .satisfies(counter -> assertThat(counter.jumps()).isEqualTo(1))
        .satisfies(counter -> assertThat(counter.unbroken()).isFalse());
  }

  @Test
  void a_counter_that_stands_or_goes_back_was_reset() throws IOException {
    tell(0, 1);
    tell(-1, 1);
    WatchReport.Counter counter = afterLines(2).counter();
    assertThat(counter.resets()).isEqualTo(2);
    assertThat(counter.firstBreak()).isEqualTo("1 at 10000000 ns, then 1 at 20000000 ns");
  }

  @Test
  void a_connection_that_ended_is_never_made_again() throws IOException {
    guest.hangUp();
    Await.until("the end", PATIENCE, () -> !watch.report().counter().connected());
    assertThat(watch.report().counter().unbroken()).isFalse();
  }

  @Test
  void a_question_is_asked_and_answered_by_one_line() {
    guest.answerNext("{\"disks\":[]}");
    Argv.Result result = Argv.run(PATIENCE, List.of(program, "ask", ADDRESS, "records"));
    assertThat(result.ok()).isTrue();
    assertThat(result.out()).isEqualTo("{\"disks\":[]}\n");
  }
}

package dev.godwit.cli;

import static dev.godwit.cli.Documents.MOVE;
import static dev.godwit.cli.Documents.VM1;
import static dev.godwit.cli.Documents.event;
import static dev.godwit.cli.Documents.migration;
import static dev.godwit.cli.Documents.migrations;
import static dev.godwit.cli.Documents.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moves: asked for, planned, followed to their end. */
final class MigrateTest {
  private static final String ACTION = "POST /v2.1/servers/" + VM1 + "/action";
  private static final String LIST = "GET /godwit/v1/migrations?instance=" + VM1;
  private static final String SHOW = "GET /godwit/v1/migrations/" + MOVE;
  private static final String EVENTS = SHOW + "/events";

  private final FakeGodwit godwit = new FakeGodwit();

  @BeforeEach
  void aGuestThatCanMove() {
    aGuestThatCanMove(godwit);
  }

  private static void aGuestThatCanMove(FakeGodwit godwit) {
    godwit
        .on("GET /v2.1/servers/detail", Documents.servers(Documents.server(VM1, "vm1", "ACTIVE")))
        .on("GET /godwit/v1/hosts", Documents.hosts("h1", "h2"))
        .on(ACTION, 202, "")
        .on(LIST, migrations())
        .on(LIST, migrations(migration("ACCEPTED", "asked for")));
  }

  @AfterEach
  void close() {
    godwit.close();
  }

  @Test
  void a_move_is_asked_for_and_its_number_is_told() {
    Run run = Run.of(godwit, "migrate", "vm1", "--to", "h2", "--block-migration", "true");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out()).contains("migration 7 of vm1 from h1 to h2");
    assertThat(godwit.calls())
        .contains(ACTION + " {\"os-migrateLive\":{\"host\":\"h2\",\"block_migration\":true}}");
  }

  @Test
  void without_a_destination_the_server_chooses() {
    assertThat(Run.of(godwit, "migrate", "vm1", "--json").out()).contains("\"number\" : 7");
    assertThat(godwit.calls())
        .contains(ACTION + " {\"os-migrateLive\":{\"host\":null,\"block_migration\":\"auto\"}}");
  }

  @Test
  void an_unknown_destination_is_not_found_and_the_nearest_host_is_named() {
    for (String[] command :
        new String[][] {
          {"migrate", "vm1", "--to", "h22"}, {"migrate", "vm1", "--to", "h22", "--dry-run"}
        }) {
      Run run = Run.of(godwit, command);
      assertThat(run.exit()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(run.err())
          .contains("There is no host 'h22'.")
          .contains("the hosts are h1, h2")
          .contains("To do: Did you mean 'h2'? 'godwit host list' shows all hosts.");
    }
    assertThat(godwit.calls()).noneMatch(call -> call.startsWith("POST"));
  }

  @Test
  void a_move_to_where_the_guest_is_is_refused_plainly() {
    Run run = Run.of(godwit, "migrate", "vm1", "--to", "h1");
    assertThat(run.exit()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.err())
        .contains("vm1 was not moved.")
        .contains("Why:   it is on h1 already")
        .contains("To do: Name another host with --to, or none");
    assertThat(godwit.calls()).noneMatch(call -> call.startsWith("POST"));
  }

  @Test
  void a_dry_run_to_where_the_guest_is_asks_the_server_all_the_same() {
    godwit.on("POST /godwit/v1/plans", Documents.PLAN);
    assertThat(Run.of(godwit, "migrate", "vm1", "--to", "h1", "--dry-run").exit())
        .isEqualTo(ExitCodes.DONE);
  }

  @Test
  void a_dry_run_moves_nothing_and_tells_every_reason() {
    godwit.on("POST /godwit/v1/plans", Documents.PLAN);
    Run run = Run.of(godwit, "migrate", "vm1", "--dry-run");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out())
        .contains("HAND-OVER")
        .contains("vda copied")
        .contains("know that: emulated-memory (vm1): expected KVM, found QEMU 7.2.22")
        .contains("h3: host.disabled (h3): expected an enabled host, found disabled.");
    assertThat(godwit.calls()).noneMatch(call -> call.startsWith(ACTION));
  }

  @Test
  void a_dry_run_without_a_suitable_host_fails() {
    godwit.on(
        "POST /godwit/v1/plans", Documents.PLAN.replace("true,'hand_over'", "false,'hand_over'"));
    assertThat(Run.of(godwit, "migrate", "vm1", "--dry-run").exit()).isEqualTo(ExitCodes.FAILED);
  }

  @Test
  void a_followed_move_prints_a_line_for_each_change() {
    godwit.stream(
        EVENTS,
        event("migration", migration("TRANSFERRING", "copying"))
            + event("sample", sample(1, "null"))
            + event("sample", sample(1, "null"))
            + event("sample", sample(2, "null"))
            + event("end", migration("COMPLETED", "the guest runs on h2")));
    Run run = Run.of(godwit, "migrate", "vm1", "--follow", "--progress", "plain");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines())
        .containsExactly(
            "ACCEPTED: asked for",
            "TRANSFERRING: copying",
            "  iteration 1  128.0 MiB of 192.0 MiB  10.0 MiB/s  dirty 1.0 MiB/s  ETA 6.4 s",
            "  iteration 2  128.0 MiB of 192.0 MiB  10.0 MiB/s  dirty 1.0 MiB/s  ETA 6.4 s",
            "COMPLETED: the guest runs on h2",
            "vm1 moved from h1 to h2 in 2.3 s. The guest paused for 31 ms; 128.0 MiB copied.");
  }

  @Test
  void a_rate_that_is_not_known_yet_is_a_dash_and_a_stall_is_told() {
    String silent =
        sample(0, "null")
            .replace("'memory_bps':10485760", "'memory_bps':0")
            .replace("'dirty_pages_per_second':256", "'dirty_pages_per_second':0")
            .replace("'eta_ms':6400", "'eta_ms':null");
    godwit.stream(
        EVENTS,
        event("migration", migration("TRANSFERRING", "copying"))
            + event("sample", silent)
            + event("sample", silent.replace("'iteration':0", "'iteration':1"))
            + event("sample", silent.replace("'iteration':0", "'iteration':2"))
            + event("end", migration("COMPLETED", "done")));
    Run run = Run.of(godwit, "migrate", "vm1", "--follow", "--progress", "plain");
    assertThat(run.out().lines())
        .contains(
            "  iteration 0  128.0 MiB of 192.0 MiB  -  dirty -",
            "  iteration 1  128.0 MiB of 192.0 MiB  0 B/s  dirty -",
            "  iteration 2  128.0 MiB of 192.0 MiB  0 B/s  dirty 0 B/s");
  }

  @Test
  void while_disks_are_copied_the_line_tells_each_of_them_their_rate_and_their_end() {
    String disks =
        sample(0, "null")
            .replace("'memory_total_bytes':134217728", "'memory_total_bytes':0")
            .replace("'memory_remaining_bytes':67108864", "'memory_remaining_bytes':0")
            .replace("'memory_bps':10485760", "'memory_bps':0")
            .replace("'disk_remaining_bytes':0", "'disk_remaining_bytes':16777216")
            .replace("'disk_bps':0", "'disk_bps':8388608")
            .replace("'eta_ms':6400", "'eta_ms':2000");
    String two =
        disks.replace(
            "'disks':{", "'disks':{'vdb':{'total_bytes':33554432,'remaining_bytes':16777216},");
    godwit.stream(
        EVENTS,
        event("migration", migration("TRANSFERRING", "copying"))
            + event("sample", disks)
            + event("sample", two.replace("'elapsed_ms':900", "'elapsed_ms':5900"))
            + event("end", migration("COMPLETED", "done")));
    Run run = Run.of(godwit, "migrate", "vm1", "--follow", "--progress", "plain");
    assertThat(run.out().lines())
        .contains(
            "  disks  48.0 MiB of 64.0 MiB  8.0 MiB/s  ETA 2.0 s",
            "  disks  48.0 MiB of 64.0 MiB  vda 100 %, vdb 50 %  8.0 MiB/s  ETA 2.0 s");
  }

  @Test
  void a_reading_that_comes_after_the_copy_is_not_shown() {
    for (String phase : List.of("SETTLING", "ROLLING_BACK")) {
      for (String style : List.of("plain", "live")) {
        try (FakeGodwit other = new FakeGodwit()) {
          aGuestThatCanMove(other);
          other.stream(
              EVENTS,
              event("migration", migration("TRANSFERRING", "copying"))
                  + event("migration", migration(phase, "tidying"))
                  + event("sample", sample(9, "31"))
                  + event("end", migration("COMPLETED", "done")));
          Run run = Run.of(other, "migrate", "vm1", "--follow", "--progress", style);
          assertThat(run.out()).contains(phase).doesNotContain("iteration 9");
        }
      }
    }
  }

  @Test
  void on_a_terminal_one_line_is_rewritten() {
    godwit.stream(
        EVENTS,
        event("migration", migration("TRANSFERRING", "copying"))
            + event("sample", sample(3, "null"))
            + event("end", migration("COMPLETED", "done")));
    Run run = Run.of(godwit, "migrate", "vm1", "--follow", "--progress", "live");
    assertThat(run.out().lines()).isNotEmpty();
    String[] drawn = run.out().split("\r");
    assertThat(drawn).hasSizeGreaterThan(3);
    assertThat(run.out()).contains("TRANSFERRING  iteration 3").contains("ETA 6.4 s");
    assertThat(drawn[drawn.length - 1]).startsWith("\u001b[Kvm1 moved from h1 to h2");
  }

  @Test
  void for_programs_each_event_is_an_object_on_a_line() throws JsonProcessingException {
    godwit.stream(
        EVENTS, event("sample", sample(1, "null")) + event("end", migration("COMPLETED", "done")));
    Run run = Run.of(godwit, "migrate", "vm1", "--follow", "--json");
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(3);
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readTree(lines.get(1)).path("event").asText()).isEqualTo("sample");
    assertThat(json.readTree(lines.get(2)).path("data").path("phase").asText())
        .isEqualTo("COMPLETED");
  }

  @Test
  void a_failed_move_fails_the_command_with_its_reasons() {
    godwit.stream(EVENTS, event("end", migration("FAILED", "no room for vda")));
    Run run = Run.of(godwit, "migrate", "vm1", "--follow");
    assertThat(run.exit()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.err())
        .contains("vm1 stays on h1: migration 7 ended FAILED.")
        .contains("no room for vda")
        .contains("disk.room (h2): expected 64 MiB, found 1 MiB")
        .contains("To do: make room on h2");
  }

  @Test
  void a_broken_stream_is_opened_again() {
    godwit.brokenStream(EVENTS, event("migration", migration("PREPARING", "making vda"))).stream(
            EVENTS, event("end", migration("COMPLETED", "done")))
        .on(SHOW, migration("TRANSFERRING", "copying"));
    Run run = Run.of(godwit, "migrate", "vm1", "--follow", "--progress", "plain");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out()).contains("PREPARING: making vda", "TRANSFERRING: copying", "vm1 moved");
    assertThat(godwit.calls().stream().filter(call -> call.equals(EVENTS))).hasSize(2);
  }

  @Test
  void without_streams_it_is_asked_for_again_and_again() {
    for (int ask = 0; ask < 5; ask++) {
      godwit.on(SHOW, migration("TRANSFERRING", "copying"));
    }
    godwit.on(SHOW, migration("COMPLETED", "done"));
    Run run = follow(Duration.ofMillis(20), Duration.ofSeconds(20));
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out()).contains("TRANSFERRING: copying", "COMPLETED: done");
    assertThat(godwit.calls().stream().filter(call -> call.equals(EVENTS))).hasSize(3);
  }

  @Test
  void an_api_that_goes_away_and_comes_back_is_no_end() {
    godwit
        .on(SHOW, 503, "{'error':{'code':503,'message':'starting'}}")
        .on(SHOW, migration("COMPLETED", "done"));
    Run run = follow(Duration.ofMillis(20), Duration.ofSeconds(20));
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.err()).contains("does not answer (starting)").contains("answers again");
  }

  @Test
  void an_api_that_stays_away_ends_the_following_not_the_move() {
    godwit.close();
    assertThatExceptionOfType(CommandFailure.class)
        .isThrownBy(() -> follow(Duration.ofMillis(10), Duration.ofMillis(100)))
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(ExitCodes.UNREACHABLE))
        .satisfies(e -> assertThat(e.remedy()).contains("goes on"));
  }

  private Run follow(Duration interval, Duration grace) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Api api = new Api(List.of(URI.create(godwit.url())), FakeGodwit.TOKEN, Duration.ofSeconds(5));
    Output output = new Output(new PrintWriter(out), new PrintWriter(err));
    Migration started;
    try {
      started =
          new Migration(
              new ObjectMapper().readTree(migration("ACCEPTED", "asked for").replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    Migration ended =
        new Follower(api, new Progress.Plain(output), new Follower.Pace(interval, grace))
            .follow(started);
    return new Run(
        ended.completed() ? ExitCodes.DONE : ExitCodes.FAILED, out.toString(), err.toString());
  }
}

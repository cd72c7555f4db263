package dev.godwit.cli;

import static dev.godwit.cli.Documents.VM1;
import static dev.godwit.cli.Documents.VM2;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists, shows and explanations. */
final class QueriesTest {
  private final FakeGodwit godwit = new FakeGodwit();

  @AfterEach
  void close() {
    godwit.close();
  }

  @Test
  void hosts_are_a_table_with_aligned_columns() {
    godwit.on("GET /godwit/v1/hosts", Documents.HOSTS);
    Run run = Run.of(godwit, "host", "list");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(3);
    int column = lines.getFirst().indexOf("ADDRESS");
    assertThat(lines.get(1).substring(column)).startsWith("10.0.0.1");
    assertThat(lines.get(2).substring(column)).startsWith("10.0.0.2");
    assertThat(lines.get(2)).contains("DOWN, disabled (broken fan)");
    assertThat(lines.get(1)).contains("8000 MiB  7000 MiB");
  }

  @Test
  void json_is_the_document_of_the_api() throws JsonProcessingException {
    godwit.on("GET /godwit/v1/hosts", Documents.HOSTS);
    JsonNode json = new ObjectMapper().readTree(Run.of(godwit, "host", "list", "--json").out());
    assertThat(json.path("hosts").path(0).path("name").asText()).isEqualTo("h1");
  }

  @Test
  void guests_are_listed_over_all_pages() {
    godwit
        .on(
            "GET /v2.1/servers/detail",
            "{'servers':["
                + Documents.server(VM1, "vm1", "ACTIVE")
                + "],'servers_links':[{'rel':'next','href':'"
                + "http://elsewhere/v2.1/servers/detail?marker=m'}]}")
        .on(
            "GET /v2.1/servers/detail?marker=m",
            Documents.servers(Documents.server(VM2, "vm2", "SHUTOFF")));
    Run run = Run.of(godwit, "vm", "list");
    assertThat(run.out()).contains("vm1").contains("vm2").contains("SHUTOFF").contains("lab.64");
  }

  @Test
  void a_guest_is_found_by_name_and_by_uuid() {
    String vm1 = Documents.server(VM1, "vm1", "ACTIVE");
    godwit
        .on("GET /v2.1/servers/detail", Documents.servers(vm1))
        .on("GET /v2.1/servers/" + VM1, "{'server':" + vm1 + "}");
    assertThat(Run.of(godwit, "vm", "show", "vm1").out()).contains(VM1).contains("1 vCPUs, 64 MiB");
    assertThat(Run.of(godwit, "vm", "show", VM1).out()).contains("vm1");
  }

  @Test
  void an_ambiguous_name_is_refused_with_the_uuids() {
    godwit.on(
        "GET /v2.1/servers/detail",
        Documents.servers(
            Documents.server(VM1, "same", "ACTIVE"), Documents.server(VM2, "same", "SHUTOFF")));
    Run run = Run.of(godwit, "vm", "show", "same");
    assertThat(run.exit()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(run.err()).contains(VM1, VM2, "UUID");
    Run explain = Run.of(godwit, "explain", "same");
    assertThat(explain.exit()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(explain.err())
        .contains("Why:   " + VM1 + " is ACTIVE on h1, " + VM2 + " is SHUTOFF on h1")
        .contains("To do: Name the guest by its UUID, for example " + VM1 + ".");
  }

  @Test
  void what_is_not_there_is_not_found() {
    godwit.on("GET /v2.1/servers/detail", Documents.servers());
    assertThat(Run.of(godwit, "vm", "show", "nobody").exit()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(Run.of(godwit, "vm", "show", VM2).exit()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(Run.of(godwit, "migration", "show", "9").exit()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(Run.of(godwit, "migration", "show", "../x").exit()).isEqualTo(ExitCodes.NOT_FOUND);
  }

  @Test
  void migrations_are_listed_and_shown_with_their_journal() {
    String whole =
        Documents.migration("COMPLETED", "the guest runs on h2")
            .replaceFirst(
                "\\{",
                "{'journal':[{'at':'2026-01-01T00:00:00Z','transition':'accept','from':'-',"
                    + "'to':'ACCEPTED','step':null,'why':'asked for','epoch':1}],");
    godwit
        .on("GET /godwit/v1/migrations", Documents.migrations(whole))
        .on("GET /godwit/v1/migrations/7", whole);
    assertThat(Run.of(godwit, "migration", "list").out())
        .contains("NUMBER")
        .contains("COMPLETED")
        .contains("the guest runs on h2");
    assertThat(Run.of(godwit, "migration", "list", "--running").out()).doesNotContain("COMPLETED");
    assertThat(Run.of(godwit, "migration", "show", "7").out())
        .contains("TRANSITION")
        .contains("asked for")
        .contains("pause")
        .contains("31 ms");
  }

  @Test
  void a_guest_at_rest_is_explained_by_where_it_could_go() {
    godwit
        .on("GET /v2.1/servers/detail", Documents.servers(Documents.server(VM1, "vm1", "ACTIVE")))
        .on("GET /godwit/v1/hosts", Documents.HOSTS)
        .on("GET /godwit/v1/migrations?instance=" + VM1, Documents.migrations())
        .on("POST /godwit/v1/plans", Documents.PLAN);
    Run run = Run.of(godwit, "explain", "vm1");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out())
        .contains("vm1 (" + VM1 + ") is ACTIVE on h1.")
        .contains("never been moved")
        .contains("It waits for nothing: no move of it is under way.")
        .contains("h2 could take it (hand-over strict, disks: vda copied).")
        .contains("h3 could not take it:")
        .contains(
            "host.disabled (h3): expected an enabled host, found disabled. To do: godwit host"
                + " enable h3");
  }

  @Test
  void a_stopped_guest_is_explained_in_sentences_without_empty_lists() {
    godwit
        .on("GET /v2.1/servers/detail", Documents.servers(Documents.server(VM1, "vm1", "SHUTOFF")))
        .on("GET /godwit/v1/hosts", Documents.HOSTS.replace("'up':true", "'up':false"))
        .on("GET /godwit/v1/migrations?instance=" + VM1, Documents.migrations())
        .on(
            "POST /godwit/v1/plans",
            "{'instance':'x','source':'h1','guest':[{'code':'not-running','subject':'vm1',"
                + "'passed':false,'expected':'a running guest','found':'SHUTDOWN','remedy':'Start"
                + " it.'}],'hosts':[{'host':'h2','suitable':false,'hand_over':null,'disks':[],"
                + "'checks':[{'code':'cpu','subject':'h2','passed':true}]}]}");
    assertThat(Run.of(godwit, "explain", "vm1").out().lines())
        .containsExactly(
            "vm1 (" + VM1 + ") is SHUTOFF on h1.",
            "It does not run, so it cannot be moved live; start it with 'godwit vm start vm1'.",
            "ALARM: its host's agent has not been heard from, so what is said here is the last that"
                + " was known. To do: see that h1 is on and that 'godwit agent' runs there; 'godwit"
                + " host list' shows when it is back.",
            "It has never been moved by Godwit.",
            "It waits for nothing: no move of it is under way.",
            "The guest itself cannot be moved now:",
            "  - not-running (vm1): expected a running guest, found SHUTDOWN. To do: Start it.",
            "Of h2 itself nothing speaks against it.");
  }

  @Test
  void a_refused_plan_is_part_of_the_explanation() {
    godwit
        .on("GET /v2.1/servers/detail", Documents.servers(Documents.server(VM1, "vm1", "SHUTOFF")))
        .on("GET /godwit/v1/hosts", Documents.HOSTS)
        .on("GET /godwit/v1/migrations?instance=" + VM1, Documents.migrations())
        .on(
            "POST /godwit/v1/plans",
            409,
            "{'conflictingRequest':{'code':409,'message':'it is being deleted'}}");
    Run run = Run.of(godwit, "explain", "vm1");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out()).contains("it is being deleted").contains("godwit vm start vm1");
    assertThat(Run.of(godwit, "explain", "vm1", "--json").out()).contains("\"plan\" : null");
  }

  @Test
  void a_moving_guest_is_explained_by_what_its_move_waits_for() {
    String moving =
        Documents.migration("TRANSFERRING", "the copy goes on")
            .replace("'alarm':false", "'alarm':true")
            .replace("'memory_bps':10485760", "'memory_bps':1024")
            .replaceFirst(
                "\\{",
                "{'observations':[{'at':'2026-01-01T00:00:01Z','host':'h1','text':'Active[state="
                    + "RUNNING]','sentence':'the guest runs'}],");
    godwit
        .on(
            "GET /v2.1/servers/detail",
            Documents.servers(Documents.server(VM1, "vm1", "MIGRATING")))
        .on("GET /godwit/v1/hosts", Documents.HOSTS)
        .on("GET /godwit/v1/migrations?instance=" + VM1, Documents.migrations(moving))
        .on("GET /godwit/v1/migrations/" + Documents.MOVE, moving);
    assertThat(Run.of(godwit, "explain", "vm1").out())
        .contains("Migration 7 moves it from h1 to h2: it is TRANSFERRING")
        .contains("It waits because: the copy goes on")
        .contains("ALARM: this move needs a person: the copy goes on. To do: see with 'virsh")
        .contains("seen on h1 at 2026-01-01T00:00:01Z: the guest runs")
        .doesNotContain("Active[")
        .contains("godwit migration force-complete 7");
    assertThat(godwit.calls()).noneMatch(call -> call.contains("plans"));
    assertThat(Run.of(godwit, "explain", "vm1", "--json").out()).contains("Active[");
    assertThat(Run.of(godwit, "migration", "show", Documents.MOVE).out())
        .contains("ALARM: this move needs a person. To do: ");
    godwit.on("GET /godwit/v1/migrations", Documents.migrations(moving));
    assertThat(Run.of(godwit, "migration", "list").out())
        .contains("ALARM: a move needs a person. To do: 'godwit explain VM' says what");
  }

  @Test
  void control_characters_of_the_server_do_not_reach_the_terminal() {
    godwit.on(
        "GET /v2.1/servers/detail",
        Documents.servers(Documents.server(VM1, "vm\\u001b[2J", "ACTIVE")));
    assertThat(Run.of(godwit, "vm", "list").out()).doesNotContain("\u001b").contains("vm [2J");
  }
}

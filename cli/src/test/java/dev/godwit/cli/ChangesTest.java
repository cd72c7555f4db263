package dev.godwit.cli;

import static dev.godwit.cli.Documents.VM1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that change something: what they ask of the API. */
final class ChangesTest {
  private static final String ACTION = "POST /v2.1/servers/" + VM1 + "/action";

  private final FakeGodwit godwit = new FakeGodwit();

  @BeforeEach
  void aGuest() {
    godwit.on(
        "GET /v2.1/servers/detail", Documents.servers(Documents.server(VM1, "vm1", "ACTIVE")));
    godwit.on("GET /image/v2/images", "{'images':[{'id':'i','name':'tiny-linux'}]}");
    godwit.on("GET /godwit/v1/hosts", Documents.HOSTS);
    godwit.on("GET /v2.1/flavors", "{'flavors':[{'id':'f1','name':'lab.64'}]}");
  }

  @AfterEach
  void close() {
    godwit.close();
  }

  @Test
  void a_guest_is_created_with_its_disks_and_waited_for() {
    godwit
        .on("POST /v2.1/servers", 202, "{'server':{'id':'" + VM1 + "'}}")
        .on("GET /v2.1/servers/" + VM1, one("BUILD"))
        .on("GET /v2.1/servers/" + VM1, one("ACTIVE"));
    Run run =
        Run.of(
            godwit,
            "vm",
            "create",
            "vm1",
            "--image",
            "tiny-linux",
            "--flavor",
            "lab.64",
            "--host",
            "h1",
            "--network",
            "none",
            "--wait",
            "--disk",
            "target=vda,directory=local,format=qcow2,size=64M",
            "--disk",
            "target=vdb,directory=shared,format=raw,size=1G,backing=/b",
            "--kernel-arguments",
            "quiet a=b");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out()).contains("ACTIVE");
    assertThat(godwit.calls())
        .contains(
            ("POST /v2.1/servers {'server':{'name':'vm1','imageRef':'i','flavorRef':'f1',"
                    + "'networks':'none','host':'h1'},'os:scheduler_hints':{'godwit:disks':["
                    + "{'target':'vda','directory':'local','format':'qcow2','size_mib':64},"
                    + "{'target':'vdb','directory':'shared','format':'raw','size_mib':1024,"
                    + "'backing_file':'/b'}],'godwit:kernel_arguments':'quiet a=b'}}")
                .replace('\'', '"'));
  }

  @Test
  void a_guest_that_fails_to_start_fails_the_command_with_its_fault() {
    godwit
        .on("POST /v2.1/servers", 202, "{'server':{'id':'" + VM1 + "'}}")
        .on(
            "GET /v2.1/servers/" + VM1,
            one("ERROR").replaceFirst("'id'", "'fault':{'message':'no room'},'id'"));
    Run run = Run.of(godwit, "vm", "create", "vm1", "--image", "i", "--flavor", "f1", "--wait");
    assertThat(run.exit()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.err()).contains("no room").contains("To do");
  }

  @Test
  void an_unknown_image_is_refused_with_those_that_there_are() {
    Run run = Run.of(godwit, "vm", "create", "vm1", "--image", "big", "--flavor", "f1");
    assertThat(run.exit()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(run.err()).contains("no image 'big'").contains("tiny-linux");
    assertThat(godwit.calls()).noneMatch(call -> call.startsWith("POST"));
  }

  @Test
  void a_guest_for_an_unknown_host_is_refused_with_the_hosts_that_there_are() {
    Run create =
        Run.of(godwit, "vm", "create", "n", "--image", "i", "--flavor", "f1", "--host", "nowhere");
    assertThat(create.exit()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(create.err())
        .contains("There is no host 'nowhere'.")
        .contains("the hosts are a-long-name, h1")
        .contains("To do: Name one of these; 'godwit host list' shows how they are.");
    godwit.on("GET /v2.1/os-services", "{'services':[]}");
    for (String[] command :
        new String[][] {
          {"vm", "adopt", "stray", "--host", "h2"},
          {"adopt", "stray", "--host", "h2"},
          {"host", "enable", "h2"},
          {"host", "disable", "h2"},
          {"host", "fence", "h2", "--powered-off"}
        }) {
      Run run = Run.of(godwit, command);
      assertThat(run.exit()).as(String.join(" ", command)).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(run.err()).contains("no host 'h2'").contains("Did you mean 'h1'?");
    }
    assertThat(godwit.calls()).allMatch(call -> call.startsWith("GET"));
  }

  @Test
  void without_any_host_that_is_what_is_told() {
    try (FakeGodwit empty = new FakeGodwit()) {
      empty.on("GET /godwit/v1/hosts", "{'hosts':[]}");
      Run run = Run.of(empty, "vm", "adopt", "stray", "--host", "h1");
      assertThat(run.exit()).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(run.err()).contains("no agent has announced a host yet").contains("godwit agent");
    }
  }

  @Test
  void a_wrong_disk_is_a_usage_error_that_says_what_was_expected() {
    for (String disk :
        List.of(
            "target=vda",
            "colour=red",
            "target=vda,directory=local,format=qcow2,size=0M",
            "target=vda,directory=elsewhere,format=qcow2,size=1M",
            "target=vda,target=vda,directory=local,format=qcow2,size=1M")) {
      Run run =
          Run.of(godwit, "vm", "create", "n", "--image", "i", "--flavor", "f", "--disk", disk);
      assertThat(run.exit()).isEqualTo(ExitCodes.USAGE);
      assertThat(run.err()).contains("expected target=vda").doesNotContain("Exception");
    }
    assertThat(godwit.calls()).isEmpty();
  }

  @Test
  void two_disks_of_one_target_are_a_usage_error() {
    String disk = "target=vda,directory=local,format=qcow2,size=64M";
    Run run =
        Run.of(
            godwit,
            "vm",
            "create",
            "n",
            "--image",
            "i",
            "--flavor",
            "f",
            "--disk",
            disk,
            "--disk",
            disk.replace("local", "shared"));
    assertThat(run.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(run.err()).contains("found target=vda more than once").contains("call one of them");
    assertThat(godwit.calls()).isEmpty();
  }

  @Test
  void actions_are_the_ones_of_compute() {
    godwit
        .on(ACTION, 202, "")
        .on("GET /v2.1/servers/" + VM1, one("SHUTOFF"))
        .on("DELETE /v2.1/servers/" + VM1, 204, "");
    assertThat(Run.of(godwit, "vm", "stop", "vm1", "--wait").out()).contains("vm1 is SHUTOFF.");
    for (String verb : List.of("start", "reboot", "pause", "unpause", "delete")) {
      assertThat(Run.of(godwit, "vm", verb, "vm1").exit()).isEqualTo(ExitCodes.DONE);
    }
    assertThat(Run.of(godwit, "vm", "reboot", "--hard", "vm1").exit()).isEqualTo(ExitCodes.DONE);
    assertThat(godwit.calls().stream().filter(call -> !call.startsWith("GET")))
        .containsExactly(
            ACTION + " {\"os-stop\":null}",
            ACTION + " {\"os-start\":null}",
            ACTION + " {\"reboot\":{\"type\":\"SOFT\"}}",
            ACTION + " {\"pause\":null}",
            ACTION + " {\"unpause\":null}",
            "DELETE /v2.1/servers/" + VM1,
            ACTION + " {\"reboot\":{\"type\":\"HARD\"}}");
  }

  @Test
  void a_delete_can_be_waited_for() {
    godwit.on("DELETE /v2.1/servers/" + VM1, 204, "");
    assertThat(Run.of(godwit, "vm", "delete", "vm1", "--wait").out()).contains("is deleted");
  }

  @Test
  void a_conflict_has_its_own_exit_code_and_says_why() {
    godwit.on(ACTION, 409, "{'conflictingRequest':{'code':409,'message':'it is migrating'}}");
    Run run = Run.of(godwit, "vm", "stop", "vm1");
    assertThat(run.exit()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(run.err())
        .contains("Could not stop vm1.")
        .contains("Why:   it is migrating")
        .contains("To do:")
        .doesNotContain("\tat ");
  }

  @Test
  void a_stray_guest_is_adopted_by_name_and_an_own_one_is_not() {
    godwit
        .on(
            "POST /godwit/v1/guests/adopt",
            "{'server':" + Documents.server("9", "stray", "ACTIVE") + "}")
        .on(
            "POST /godwit/v1/guests/adopt",
            409,
            "{'conflictingRequest':{'code':409,'message':'already-known'}}");
    assertThat(Run.of(godwit, "adopt", "stray").out()).contains("stray");
    assertThat(godwit.calls().getLast())
        .contains("{\"host\":\"h1\",\"uuid\":\"99999999-9999-4999-8999-999999999999\"}");
    assertThat(Run.of(godwit, "vm", "adopt", "vm1").exit()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(Run.of(godwit, "vm", "adopt", "x").exit()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(Run.of(godwit, "vm", "adopt", "stray", "--host", "a-long-name").exit())
        .isEqualTo(ExitCodes.NOT_FOUND);
  }

  @Test
  void hosts_are_disabled_and_enabled_by_their_compute_service() {
    godwit
        .on(
            "GET /v2.1/os-services",
            "{'services':[{'id':'c','binary':'nova-conductor','host':'h1'},"
                + "{'id':'s1','binary':'nova-compute','host':'h1'}]}")
        .on("PUT /v2.1/os-services/s1", "{'service':{}}");
    assertThat(Run.of(godwit, "host", "disable", "h1", "--reason", "fan").exit()).isZero();
    assertThat(Run.of(godwit, "host", "enable", "h1").exit()).isZero();
    assertThat(godwit.calls())
        .contains(
            "PUT /v2.1/os-services/s1 {\"status\":\"disabled\",\"disabled_reason\":\"fan\"}",
            "PUT /v2.1/os-services/s1 {\"status\":\"enabled\"}");
    assertThat(Run.of(godwit, "host", "enable", "h9").exit()).isEqualTo(ExitCodes.NOT_FOUND);
  }

  @Test
  void a_host_is_fenced_by_the_word_that_its_power_is_off_and_the_reason() {
    String fence = "POST /godwit/v1/hosts/h1/fence";
    godwit
        .on(fence, "{'name':'h1'}")
        .on(fence, 409, "{'conflictingRequest':{'code':409,'message':'it is heard'}}");

    Run unsaid = Run.of(godwit, "host", "fence", "h1", "--reason", "it is silent");
    assertThat(unsaid.exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(unsaid.err()).contains("Nothing was recorded of h1.").contains("Cut its power");
    assertThat(godwit.calls()).noneMatch(call -> call.startsWith("POST"));

    String[] said = {"host", "fence", "h1", "--powered-off", "--reason", "its PDU says so"};
    Run fenced = Run.of(godwit, said);
    assertThat(fenced.exit()).as(fenced.err()).isZero();
    assertThat(fenced.out()).contains("h1 is recorded as dead until it is heard again");
    assertThat(godwit.calls().getLast())
        .isEqualTo(fence + " {\"powered_off\":true,\"reason\":\"its PDU says so\"}");

    Run heard = Run.of(godwit, said);
    assertThat(heard.exit()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(heard.err()).contains("it is heard");
  }

  @Test
  void a_migration_is_aborted_and_forced_by_its_number() {
    String path = "/v2.1/servers/" + VM1 + "/migrations/7";
    godwit
        .on("GET /godwit/v1/migrations/7", Documents.migration("TRANSFERRING", "x"))
        .on("DELETE " + path, 202, "")
        .on("DELETE " + path, 400, "{'badRequest':{'code':400,'message':'too late'}}")
        .on("POST " + path + "/action", 202, "");
    assertThat(Run.of(godwit, "migration", "abort", "7").out()).contains("vm1 stays on h1");
    Run late = Run.of(godwit, "migration", "abort", "7");
    assertThat(late.exit()).isEqualTo(ExitCodes.FAILED);
    assertThat(late.err()).contains("too late");
    assertThat(Run.of(godwit, "migration", "force-complete", "7").exit()).isZero();
    assertThat(godwit.calls().getLast()).endsWith("{\"force_complete\":null}");
  }

  @Test
  void a_ruling_names_the_host_and_the_reason_and_needs_both() {
    godwit
        .on("GET /godwit/v1/migrations/7", Documents.migration("TRANSFERRING", "x"))
        .on("POST /godwit/v1/migrations/" + Documents.MOVE + "/ruling", 202, "{}");
    Run ruled = Run.of(godwit, "migration", "rule", "7", "--home", "h2", "--reason", "newer disks");
    assertThat(ruled.exit()).as(ruled.err()).isZero();
    assertThat(godwit.calls().getLast()).endsWith("{\"home\":\"h2\",\"reason\":\"newer disks\"}");
    assertThat(ruled.out()).contains("lives on h2");
    assertThat(Run.of(godwit, "migration", "rule", "7", "--home", "h2").exit())
        .isEqualTo(ExitCodes.USAGE);
  }

  private static String one(String status) {
    return "{'server':" + Documents.server(VM1, "vm1", status) + "}";
  }
}

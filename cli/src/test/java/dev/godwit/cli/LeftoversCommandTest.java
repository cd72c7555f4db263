package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hosts hold and nothing needs, as operators read it. */
final class LeftoversCommandTest {
  private static final String ONE =
      "'host':'h1','kind':'disk','name':'/local/vda','seen':'a disk','instance':null,'migration':null,'age_seconds':5,";
  private static final String NONE = "{'leftovers':[],'unseen':[]}";

  private final FakeGodwit godwit = new FakeGodwit();

  @AfterEach
  void close() {
    godwit.close();
  }

  @Test
  void each_is_told_with_its_reason_and_what_to_do() {
    godwit.on(
        "GET /godwit/v1/leftovers",
        "{'leftovers':[{"
            + ONE
            + "'removable':true,'reason':'migration 3 is over','remedy':null},{"
            + ONE
            + "'removable':false,'reason':'nobody knows','remedy':'Look.'}],'unseen':[]}");

    Run run = Run.of(godwit, "leftovers");

    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out())
        .contains("h1: disk /local/vda: a disk; migration 3 is over")
        .contains("To do: godwit leftovers --remove")
        .contains("To do: Look.");
  }

  @Test
  void nothing_is_said_in_words_and_a_host_that_was_not_looked_at_is_no_success() {
    godwit.on("GET /godwit/v1/leftovers?host=h1", NONE);
    assertThat(Run.of(godwit, "leftovers", "--host", "h1").out()).contains("Nothing is left.");
    godwit.on(
        "GET /godwit/v1/leftovers", "{'leftovers':[],'unseen':[{'host':'h2','why':'silent'}]}");

    Run run = Run.of(godwit, "leftovers");

    assertThat(run.exit()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.out()).contains("h2 was not looked at: silent");
  }

  @Test
  void what_went_and_what_was_kept_is_told_and_something_kept_is_no_success() {
    godwit.on(
        "POST /godwit/v1/leftovers/remove",
        "{'outcomes':[{"
            + ONE
            + "'removable':true,'reason':'over','remedy':null,'removed':true,'kept':null},{"
            + ONE
            + "'removable':true,'reason':'over','remedy':null,'removed':false,'kept':'it is open'}],'unseen':[],'more':true}");

    Run run = Run.of(godwit, "leftovers", "--remove", "--host", "h1");

    assertThat(run.exit()).isEqualTo(ExitCodes.FAILED);
    assertThat(run.out())
        .contains("Removed: h1: disk")
        .contains("Kept: h1: disk")
        .contains("Why: it is open")
        .contains("There is more");
    assertThat(godwit.calls())
        .containsExactly("POST /godwit/v1/leftovers/remove {\"host\":\"h1\"}");
  }
}

package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** The way to the API, and the command line itself. */
final class ConnectionTest {

  @Test
  void an_api_that_is_not_there_has_its_own_exit_code() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    Run run = Run.of("http://127.0.0.1:" + port, "t", "vm", "list");
    assertThat(run.exit()).isEqualTo(ExitCodes.UNREACHABLE);
    assertThat(run.err())
        .contains("cannot be reached")
        .contains("nothing answers")
        .contains("--url");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void an_api_that_never_answers_is_given_up_after_the_timeout() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Run run =
          Run.of(
              "http://127.0.0.1:" + mute.getLocalPort(), "t", "host", "list", "--timeout", "200ms");
      assertThat(run.exit()).isEqualTo(ExitCodes.UNREACHABLE);
      assertThat(run.err()).contains("no answer within 200 ms");
    }
  }

  @Test
  void of_several_addresses_the_next_is_asked_when_one_does_not_answer() throws IOException {
    String nobody;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "http://127.0.0.1:" + closed.getLocalPort();
    }
    try (FakeGodwit godwit = new FakeGodwit()) {
      godwit.on("GET /godwit/v1/hosts", "{'hosts': []}");

      Run run = Run.of(nobody + "," + godwit.url(), FakeGodwit.TOKEN, "host", "list");
      assertThat(run.exit()).as(run.err()).isEqualTo(ExitCodes.DONE);

      Run neither = Run.of(nobody + ", " + nobody + "/", "t", "host", "list");
      assertThat(neither.exit()).isEqualTo(ExitCodes.UNREACHABLE);
      assertThat(neither.err()).contains("the API at " + nobody + " or " + nobody);
    }
  }

  @Test
  void something_else_at_the_address_is_not_the_api() {
    try (FakeGodwit godwit = new FakeGodwit()) {
      godwit.on("GET /godwit/v1/hosts", "<html>hello</html>");
      assertThat(Run.of(godwit, "host", "list").exit()).isEqualTo(ExitCodes.UNREACHABLE);
    }
  }

  @Test
  void a_refused_token_has_its_own_exit_code() {
    try (FakeGodwit godwit = new FakeGodwit()) {
      Run run = Run.of(godwit.url(), "wrong", "vm", "list");
      assertThat(run.exit()).isEqualTo(ExitCodes.UNAUTHORIZED);
      assertThat(run.err()).contains("bad token").contains("--token-file").doesNotContain("wrong");
    }
  }

  @Test
  void a_missing_token_file_is_named() {
    Run run = Run.bare("vm", "list", "--token-file", "/nonexistent/token");
    assertThat(run.exit()).isEqualTo(ExitCodes.UNAUTHORIZED);
    assertThat(run.err()).contains("/nonexistent/token").contains("no such file");
  }

  @Test
  void wrong_usage_is_told_in_two_lines() {
    for (String[] wrong :
        new String[][] {
          {"vm"},
          {"vm", "show"},
          {"vm", "list", "--timeout", "0"},
          {"vm", "list", "--timeout", "soon"},
          {"migrate", "vm1", "--block-migration", "perhaps"},
          {"migrate", "vm1", "--dry-run", "--follow"},
          {"vm", "create", "n", "--image", "i", "--flavor", "f", "--network", "fast"}
        }) {
      Run run = Run.bare(wrong);
      assertThat(run.exit()).as(String.join(" ", wrong)).isEqualTo(ExitCodes.USAGE);
      assertThat(run.err()).startsWith("godwit: ").contains("--help").doesNotContain("\tat ");
    }
    assertThat(Run.of("not an address", "t", "vm", "list").exit()).isEqualTo(ExitCodes.USAGE);
    assertThat(Run.of("ftp://x", "t", "vm", "list").exit()).isEqualTo(ExitCodes.USAGE);
  }

  @Test
  void every_help_page_ends_with_the_exit_codes() {
    for (String[] page : new String[][] {{"vm"}, {"vm", "create"}, {"migrate"}, {"completion"}}) {
      String[] arguments = java.util.Arrays.copyOf(page, page.length + 1);
      arguments[page.length] = "--help";
      Run run = Run.bare(arguments);
      assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
      assertThat(run.out()).endsWith("  6  the token is missing or refused\n");
    }
    assertThat(Run.bare("vm", "list", "--help").out())
        .contains("$GODWIT_URL", "$GODWIT_TOKEN_FILE");
  }

  @Test
  void the_completion_script_knows_the_commands_and_their_words() {
    Run run = Run.bare("completion");
    assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
    assertThat(run.out())
        .contains("force-complete", "--block-migration", "\"auto\" \"true\" \"false\"");
  }
}

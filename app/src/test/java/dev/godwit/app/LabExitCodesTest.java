package dev.godwit.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The lab's commands end with the same exit codes as all others; nothing is started here. */
final class LabExitCodesTest {
  private record Run(int exit, String out, String err) {}

  @TempDir Path folder;

  private Run lab(String... words) {
    String[] all =
        Stream.concat(
                Stream.of("lab", "--folder", folder.resolve("lab").toString()), Stream.of(words))
            .toArray(String[]::new);
    return run(all);
  }

  private static Run run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine godwit = Main.commandLine();
    godwit.setOut(new PrintWriter(out));
    godwit.setErr(new PrintWriter(err));
    return new Run(godwit.execute(words), out.toString(), err.toString());
  }

  @Test
  void words_and_numbers_that_mean_nothing_are_wrong_usage() {
    for (String[] wrong :
        new String[][] {
          {"up", "--hosts", "12"},
          {"up", "--hosts", "many"},
          {"up", "--replicas", "2"},
          {"up", "--database", "oracle"},
          {"kill", "h1", "everything"},
          {"start", "server", "agent"},
          {"cut", "h1", "h1"},
          {"limit", "h1", "-1"},
          {"fly"},
          {"exec"}
        }) {
      Run run = lab(wrong);
      assertThat(run.exit()).as(String.join(" ", wrong)).isEqualTo(ExitCodes.USAGE);
      assertThat(run.err()).startsWith("godwit: ");
    }
  }

  @Test
  void a_lab_that_is_not_there_is_not_found() {
    for (String[] words :
        new String[][] {
          {"exec", "h1", "--", "true"}, {"kill", "h1", "agent"}, {"cut", "h1", "h2"}, {"heal"}
        }) {
      Run run = lab(words);
      assertThat(run.exit()).as(String.join(" ", words)).isEqualTo(ExitCodes.NOT_FOUND);
      assertThat(run.err()).contains("godwit lab up");
    }
  }

  @Test
  void a_host_that_the_lab_does_not_have_is_not_found_and_those_that_it_has_are_named()
      throws IOException {
    Files.createDirectories(folder.resolve("lab/hosts/h1"));
    Files.createDirectories(folder.resolve("lab/hosts/h2"));
    Run run = lab("exec", "h9", "--", "true");
    assertThat(run.exit()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(run.err()).contains("expected one of h1, h2, found 'h9'");
  }

  @Test
  void somebody_elses_files_are_a_conflict() throws IOException {
    Files.createDirectories(folder.resolve("lab"));
    Files.createFile(folder.resolve("lab/precious"));
    Run run = lab("down");
    assertThat(run.exit()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(run.err()).contains("nothing was removed");
  }

  @Test
  void every_help_page_has_the_table() {
    for (String[] page :
        new String[][] {
          {"--help"},
          {"lab", "--help"},
          {"lab", "up", "--help"},
          {"demo", "--help"},
          {"vm", "--help"}
        }) {
      Run run = run(page);
      assertThat(run.exit()).isEqualTo(ExitCodes.DONE);
      assertThat(run.out()).endsWith("  6  the token is missing or refused\n");
    }
  }
}

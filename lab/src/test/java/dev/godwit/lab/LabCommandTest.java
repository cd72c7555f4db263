package dev.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.lab.host.LabFailure;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the words of "lab up" ask for; nothing is started here. */
final class LabCommandTest {
  private static Optional<LabServers> servers(String... words) {
    CommandLine.ParseResult up =
        new CommandLine(new LabCommand())
            .parseArgs(Stream.concat(Stream.of("up"), Stream.of(words)).toArray(String[]::new))
            .subcommand();
    return LabCommand.servers(
        up.matchedOptionValue("--replicas", Optional.<Integer>empty()),
        up.matchedOptionValue("--database", Optional.<String>empty()));
  }

  @Test
  void several_servers_share_a_postgresql() {
    assertThat(servers("--replicas", "2", "--database", "postgresql"))
        .contains(new LabServers(2, true));
  }

  @Test
  void what_is_not_said_is_as_it_was_and_half_of_it_one_server_on_sqlite() {
    assertThat(servers()).isEmpty();
    assertThat(servers("--replicas", "1")).contains(LabServers.ONE);
    assertThat(servers("--database", "sqlite")).contains(LabServers.ONE);
    assertThat(servers("--database", "postgresql")).contains(new LabServers(1, true));
  }

  @Test
  void several_servers_on_sqlite_are_refused_with_what_to_say_instead() {
    for (String[] words :
        new String[][] {{"--replicas", "2"}, {"--replicas", "2", "--database", "sqlite"}}) {
      assertThatThrownBy(() -> servers(words))
          .isInstanceOf(LabFailure.class)
          .hasMessageContaining("expected one on SQLite, found 2")
          .hasMessageContaining("--database postgresql");
    }
  }

  @Test
  void a_number_or_a_database_that_there_is_not_is_refused() {
    assertThatThrownBy(() -> servers("--replicas", "10", "--database", "postgresql"))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("expected 1 to 9, found 10");
    assertThatThrownBy(() -> servers("--database", "oracle"))
        .isInstanceOf(LabFailure.class)
        .hasMessageContaining("expected sqlite or postgresql, found 'oracle'");
  }
}

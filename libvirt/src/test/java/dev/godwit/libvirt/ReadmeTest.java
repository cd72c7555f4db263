package dev.godwit.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The README's example is the one that is compiled, and it does what it says. */
@ExtendWith(OnRealHosts.class)
class ReadmeTest {
  private static final String EXAMPLE = "dev.godwit.libvirt.example.MoveAGuest";
  private static final Path SOURCE = Path.of("src/test/java", EXAMPLE.replace('.', '/') + ".java");

  private final Rack rack;

  ReadmeTest(Rack rack) {
    this.rack = rack;
  }

  @Test
  void the_example_in_the_readme_is_the_one_that_is_compiled() throws IOException {
    String source = Files.readString(SOURCE);
    String shown = source.substring(source.indexOf("import "));
    assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + shown + "```\n");
  }

  @Test
  void the_example_moves_a_guest_and_then_the_program_ends_by_itself() throws Exception {
    try (Connection source = rack.one().open();
        Connection destination = rack.two().open()) {
      Domain guest = source.create(TinyGuest.still(rack, "example"), List.of());
      try {
        String said = run(rack.one().options().uri(), "example", rack.two().peerUri());
        assertThat(said).contains("SUSPENDED_MIGRATED");
        assertThat(destination.domain(guest.uuid()).state().reason())
            .isEqualTo(StateReason.RUNNING_MIGRATED);
      } finally {
        Guests.remove(source);
        Guests.remove(destination);
      }
    }
  }

  private static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                EXAMPLE));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}

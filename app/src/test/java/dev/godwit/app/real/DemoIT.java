package dev.godwit.app.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.lab.Lab;
import dev.godwit.lab.bench.BenchCommand;
import dev.godwit.lab.demo.DemoCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that a newcomer types first, to their ends. */
class DemoIT {
  private static final PrintStream SCREEN = System.out;
  @TempDir Path folder;

  @AfterEach
  void down() {
    System.setOut(SCREEN);
    Lab.at(folder.resolve("lab")).down();
  }

  @Test
  void the_demo_moves_and_aborts_loses_nothing_and_leaves_nothing() throws IOException {
    JsonNode told = run(DemoCommand::new, "--json");
    assertThat(told.path("ok").booleanValue()).as(told.toPrettyString()).isTrue();
    List<String> moves = new ArrayList<>();
    told.path("moves")
        .forEach(move ->
            moves.add(
                "%s %s %s %s"
                    .formatted(
                        move.path("kind").asText(),
                        move.path("from").asText(),
                        move.path("to").asText(),
                        move.path("status").asText())));
    assertThat(moves)
        .containsExactly(
            "shared h1 h2 completed",
            "shared h2 h1 completed",
            "copied h1 h2 completed",
            "copied h2 h1 completed",
            "aborted h1 h2 cancelled");
    assertThat(told.path("moves").get(0).fieldNames())
        .toIterable()
        .contains(
            "kind",
            "from",
            "to",
            "status",
            "total_ms",
            "prepare_ms",
            "copy_ms",
            "settle_ms",
            "pause_ms",
            "network_gap_ms",
            "counter_ok",
            "records_lost",
            "bytes",
            "leftovers");
    assertThat(Files.exists(folder.resolve("lab"))).isFalse();
  }

  @Test
  void the_bench_moves_twins_by_virsh_and_through_godwit() throws IOException {
    JsonNode told = run(BenchCommand::new, "migrate", "--json", "--runs", "1", "--memory", "64");
    assertThat(told.path("pairs")).hasSize(1);
    JsonNode pair = told.path("pairs").get(0);
    for (String figure : List.of("virsh_ms", "post_ms", "running_ms", "commit_ms")) {
      assertThat(pair.path(figure).doubleValue()).as(figure).isPositive();
    }
    assertThat(Files.exists(folder.resolve("lab"))).isFalse();
  }

  /** The command's whole standard output, which must be one JSON object. */
  private JsonNode run(Supplier<Object> command, String... words) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--folder", folder.resolve("lab").toString()));
    int exit = new CommandLine(command.get()).execute(line.toArray(String[]::new));
    assertThat(exit).as(out.toString(StandardCharsets.UTF_8)).isZero();
    return new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
  }
}

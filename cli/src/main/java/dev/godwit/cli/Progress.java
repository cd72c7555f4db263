package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.Sample;

/** How a followed migration is shown. */
sealed interface Progress {
  /** Its phase, step or reason may have changed. */
  void migration(Migration migration);

  /** A new reading of the copy. */
  void sample(Sample sample);

  /** Something about the following itself, not the migration. */
  void note(String text);

  /** It ended. */
  void end(Migration migration);

  /** One line of a terminal, rewritten. */
  final class Live implements Progress {
    private final Output output;
    private String state = "";
    private String copy = "";

    Live(Output output) {
      this.output = output;
    }

    @Override
    public void migration(Migration migration) {
      state = migration.phase();
      copy =
          state.equals("TRANSFERRING")
              ? migration.sample().map(Sample::line).orElse(copy)
              : migration.why().orElse("");
      show();
    }

    @Override
    public void sample(Sample sample) {
      copy = sample.line();
      show();
    }

    @Override
    public void note(String text) {
      output.erase();
      output.warning(text);
      show();
    }

    @Override
    public void end(Migration migration) {
      output.erase();
    }

    private void show() {
      output.rewrite(state + "  " + copy);
    }
  }

  /** One line for each change, for a file or a log. */
  final class Plain implements Progress {
    private static final long SECONDS_BETWEEN_SAMPLES = 5;

    private final Output output;
    private String lastState = "";
    private String lastCopy = "";

    Plain(Output output) {
      this.output = output;
    }

    @Override
    public void migration(Migration migration) {
      if (!migration.line().equals(lastState)) {
        lastState = migration.line();
        output.line(lastState);
      }
    }

    @Override
    public void sample(Sample sample) {
      // A reading is a change when the iteration is another one, or some seconds went by.
      String copy =
          sample.postCopy()
              + " "
              + sample.iteration()
              + " "
              + sample.elapsed().toSeconds() / SECONDS_BETWEEN_SAMPLES;
      if (!copy.equals(lastCopy)) {
        lastCopy = copy;
        output.line("  " + sample.line());
      }
    }

    @Override
    public void note(String text) {
      output.warning(text);
    }

    @Override
    public void end(Migration migration) {
      migration(migration);
    }
  }

  /** One JSON object on a line for each event: {"event": "migration|sample|end", "data": …}. */
  final class JsonLines implements Progress {
    private final Output output;

    JsonLines(Output output) {
      this.output = output;
    }

    @Override
    public void migration(Migration migration) {
      if (!migration.ended()) {
        print("migration", migration.json());
      }
    }

    @Override
    public void sample(Sample sample) {
      print("sample", sample.json());
    }

    @Override
    public void note(String text) {
      output.warning(text);
    }

    @Override
    public void end(Migration migration) {
      print("end", migration.json());
    }

    private void print(String event, JsonNode data) {
      output.jsonLine(Api.object().put("event", event).set("data", data));
    }
  }
}

package dev.godwit.lab.demo;

import dev.godwit.cli.client.Sample;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Tells people what goes on: one line rewritten on a terminal, a line for each change elsewhere.
 */
final class Show {
  private static final String ERASE = "\r\033[K";
  private static final String COPYING = "transferring";

  private final PrintStream out;
  private final boolean terminal;
  private String title = "";
  private String phase = "";
  private String step = "";
  private String copy = "";
  private String told = "";

  Show(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** A finished sentence. */
  void say(String sentence) {
    erase();
    out.println(sentence);
    out.flush();
  }

  /** A move begins. */
  void begin(String what) {
    title = what;
    phase = "";
    step = "";
    copy = "";
    told = "";
    if (!terminal) {
      out.println(title);
    }
    rewrite();
  }

  void migration(MigrationView migration) {
    boolean another = !phase.equals(phrase(migration.phase()));
    phase = phrase(migration.phase());
    step = migration.step().map(name -> " (" + phrase(name) + ")").orElse("");
    if (another) {
      copy = "";
      change(phase);
    } else if (terminal) {
      rewrite();
    }
  }

  void sample(Sample sample) {
    if (sample.totalBytes() == 0 || !phase.equals(COPYING)) {
      return;
    }
    copy = "  " + sample.line();
    change(phase + " " + sample.iteration());
  }

  /** Something of this move that is worth a line of its own. */
  void note(String sentence) {
    erase();
    out.println("    " + sentence);
    rewrite();
  }

  /** Without a terminal: a line when the phase or the iteration is another one. */
  private void change(String key) {
    if (terminal) {
      rewrite();
    } else if (!key.equals(told)) {
      told = key;
      out.println("    " + phase + copy);
      out.flush();
    }
  }

  private void rewrite() {
    if (terminal) {
      out.print(ERASE + cut(title + "  " + phase + step + copy));
      out.flush();
    }
  }

  /** A line that wraps cannot be rewritten. */
  private static String cut(String line) {
    int most = 118;
    return line.length() > most ? line.substring(0, most) : line;
  }

  private void erase() {
    if (terminal) {
      out.print(ERASE);
    }
  }

  private static String phrase(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

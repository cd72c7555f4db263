package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;

/** Where a command prints. Nothing a server sends can move the cursor: control characters go. */
record Output(PrintWriter out, PrintWriter err) {

  void line(String text) {
    out.println(clean(text));
    out.flush();
  }

  void lines(List<String> lines) {
    lines.forEach(line -> out.println(clean(line)));
    out.flush();
  }

  void json(JsonNode document) {
    out.println(document.toPrettyString());
    out.flush();
  }

  void jsonLine(JsonNode document) {
    out.println(document);
    out.flush();
  }

  /** Rewrites the current line of a terminal; cut at the edge, so that it stays one line. */
  void rewrite(String text) {
    out.print("\r\u001b[K\u001b[?7l" + clean(text) + "\u001b[?7h");
    out.flush();
  }

  /** Empties the current line of a terminal. */
  void erase() {
    out.print("\r\u001b[K");
    out.flush();
  }

  void warning(String text) {
    err.println(clean(text));
    err.flush();
  }

  static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}

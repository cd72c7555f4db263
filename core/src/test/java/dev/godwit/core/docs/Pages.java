package dev.godwit.core.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of docs/ with parts between markers that are printed from the code. */
final class Pages {
  private static final Path DOCS =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs");

  private Pages() {}

  /** True when the pages are to be written instead of compared. */
  static boolean write() {
    return Boolean.getBoolean("godwit.docs.write");
  }

  static String read(String page) {
    try {
      return Files.readString(DOCS.resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(String page, String text) {
    try {
      Files.writeString(DOCS.resolve(page), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page with another text between the markers of that name. */
  static String with(String page, String name, String text) {
    String begin = "<!-- begin generated: " + name + " -->\n";
    String end = "<!-- end generated: " + name + " -->";
    int from = page.indexOf(begin);
    int to = page.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException(
          "expected the lines '%s' and '%s', in this order".formatted(begin.strip(), end));
    }
    return page.substring(0, from + begin.length()) + "\n" + text + "\n" + page.substring(to);
  }
}

package dev.godwit.lab.torture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.lab.host.LabFailure;
import dev.godwit.lab.host.LabFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each case came to last, in a file of JSON lines: the whole matrix takes hours, and a run
 * that was stopped goes on where it was.
 */
final class Results {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Path> file;
  private final Map<Key, CaseReport> reports = new LinkedHashMap<>();

  /** The same case ends otherwise in another mode. */
  private record Key(Mode mode, String name) {}

  private Results(Optional<Path> file) {
    this.file = file;
  }

  /** Those of this run only. */
  static Results ofOneRun() {
    return new Results(Optional.empty());
  }

  /** Those that a file has, and of this run. {@link LabFailure} when it holds something else. */
  static Results in(Path file) {
    Results results = new Results(Optional.of(file));
    List<String> lines = LabFolder.read(file).map(it -> it.lines().toList()).orElse(List.of());
    for (int i = 0; i < lines.size(); i++) {
      results.keep(read(file, i + 1, lines.get(i)));
    }
    return results;
  }

  private static CaseReport read(Path file, int number, String line) {
    try {
      return JSON.readValue(line, CaseReport.class);
    } catch (JsonProcessingException e) {
      throw LabFailure.usage(
          "%s, line %d: expected what became of a case, as JSON, found something else (%s). Name another file with --results, or remove that line"
              .formatted(file, number, e.getOriginalMessage()));
    }
  }

  /**
   * True when a case is known and ended as it may, or late; one that did not, or was not struck, is
   * not.
   */
  boolean settles(Case it, Mode mode) {
    CaseReport known = reports.get(new Key(mode, it.name()));
    return known != null
        && switch (known.verdict()) {
          case WELL, SLOW, HELD -> true;
          case WRONG, MISSED -> false;
        };
  }

  /** Keeps it, also in the file. */
  void add(CaseReport report) {
    keep(report);
    file.ifPresent(it -> append(it, report));
  }

  private void keep(CaseReport report) {
    reports.put(new Key(report.mode(), report.name()), report);
  }

  private static void append(Path file, CaseReport report) {
    try {
      Files.writeString(
          file,
          JSON.writeValueAsString(report) + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new LabFailure("%s cannot be written: %s".formatted(file, e));
    }
  }

  /** The last of each case in each mode. */
  List<CaseReport> all() {
    return List.copyOf(reports.values());
  }
}

package dev.godwit.lab.torture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.Map;

/** Cases for programs: one JSON object a line, the summary as the last one. */
final class JsonLines implements Teller {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;

  JsonLines(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(int cases) {}

  @Override
  public void told(CaseReport it) {
    print(it);
  }

  @Override
  public void end(Summary summary) {
    print(Map.of("summary", summary));
  }

  private void print(Object it) {
    try {
      out.println(JSON.writeValueAsString(it));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report is always JSON", e);
    }
  }
}

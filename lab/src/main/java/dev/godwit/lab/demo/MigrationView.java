package dev.godwit.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.client.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A migration as Godwit's own API shows it. */
public record MigrationView(JsonNode json) {
  private static final Set<String> ENDS = Set.of("COMPLETED", "CANCELLED", "FAILED");

  public String id() {
    return json.path("id").asText();
  }

  public long number() {
    return json.path("number").longValue();
  }

  public String phase() {
    return json.path("phase").asText();
  }

  public Optional<String> step() {
    return text("step");
  }

  public String status() {
    return json.path("status").asText();
  }

  public Optional<String> why() {
    return text("why");
  }

  /**
   * What an operator can do.
   *
   * @param because what holds the migration, in a word
   * @param end hosts on one of which its copy may be ended
   * @param home hosts of which one may be ruled the guest's home
   * @param resume hosts on which its copy may be resumed
   */
  public record WayOut(String because, List<String> end, List<String> home, List<String> resume) {
    /** None. */
    public static final WayOut NONE = new WayOut("", List.of(), List.of(), List.of());

    public WayOut {
      end = List.copyOf(end);
      home = List.copyOf(home);
      resume = List.copyOf(resume);
    }

    public boolean none() {
      return end.isEmpty() && home.isEmpty() && resume.isEmpty();
    }
  }

  public WayOut wayOut() {
    return new WayOut(
        json.at("/way_out/because").asText(),
        hosts("/way_out/end"),
        hosts("/way_out/home"),
        hosts("/way_out/resume"));
  }

  private List<String> hosts(String at) {
    List<String> hosts = new ArrayList<>();
    json.at(at).forEach(host -> hosts.add(host.asText()));
    return hosts;
  }

  public boolean ended() {
    return ENDS.contains(phase());
  }

  public Sample sample() {
    return new Sample(json.path("sample"));
  }

  public Optional<Instant> transferAt() {
    return instant("transfer_at");
  }

  public Optional<Instant> committedAt() {
    return instant("committed_at");
  }

  public Optional<Instant> endedAt() {
    return instant("ended_at");
  }

  /** When the journal says that this phase began. */
  public Optional<Instant> began(String phase) {
    for (JsonNode entry : json.path("journal")) {
      if (entry.path("to").asText().equals(phase)) {
        return Optional.of(Instant.parse(entry.path("at").asText()));
      }
    }
    return Optional.empty();
  }

  private Optional<Instant> instant(String field) {
    return text(field).map(Instant::parse);
  }

  private Optional<String> text(String field) {
    JsonNode value = json.path(field);
    return value.isTextual() && !value.textValue().isEmpty()
        ? Optional.of(value.textValue())
        : Optional.empty();
  }
}

package dev.godwit.lab.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** All cases of a run. */
record Summary(
    @JsonProperty("setting") Setting setting, @JsonProperty("tallies") List<Tally> tallies) {
  Summary {
    tallies = List.copyOf(tallies);
  }

  /** True when no case ended wrong. */
  boolean well() {
    return tallies.getLast().wrong() == 0;
  }
}

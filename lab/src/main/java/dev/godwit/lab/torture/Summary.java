package dev.godwit.lab.torture;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** All cases of a run. */
record Summary(
    @JsonProperty("setting") Setting setting,
    @JsonProperty("tallies") List<Tally> tallies,
    @JsonProperty("broken_post_copies") Breaks breaks) {
  Summary {
    tallies = List.copyOf(tallies);
  }

  /**
   * True when no case ended wrong or late, and each was struck, for what never came proves nothing;
   * nor do broken post-copies of which none was recovered.
   */
  boolean well() {
    Tally all = tallies.getLast();
    return all.wrong() == 0 && all.slow() == 0 && all.missed() == 0 && breaks.shown();
  }
}

package dev.godwit.core.model;

/** Nova's task_state, as far as Godwit uses it; NONE is null on the API. */
public enum TaskState {
  NONE(""),
  SPAWNING("spawning"),
  MIGRATING("migrating"),
  POWERING_ON("powering-on"),
  POWERING_OFF("powering-off"),
  REBOOTING("rebooting"),
  REBOOTING_HARD("rebooting_hard"),
  PAUSING("pausing"),
  UNPAUSING("unpausing"),
  DELETING("deleting");

  private final String word;

  TaskState(String word) {
    this.word = word;
  }

  /** The word on the API; empty for NONE. */
  public String word() {
    return word;
  }
}

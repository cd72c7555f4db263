package dev.godwit.core.model;

import java.util.Locale;

/** Nova's vm_state, as far as Godwit uses it. */
public enum VmState {
  BUILDING,
  ACTIVE,
  PAUSED,
  STOPPED,
  ERROR,
  DELETED;

  /** The word on the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

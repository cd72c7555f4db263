package dev.godwit.core.model;

/** What an owner asks of a guest's power. */
public enum PowerAction {
  START,
  /**
   * Asks the guest to shut down, and powers it off when it does not within the agent's patience.
   */
  STOP,
  REBOOT_SOFT,
  REBOOT_HARD,
  PAUSE,
  UNPAUSE
}

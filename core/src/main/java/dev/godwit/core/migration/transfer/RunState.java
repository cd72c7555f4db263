package dev.godwit.core.migration.transfer;

/** virDomainState, as far as it matters here. */
public enum RunState {
  RUNNING,
  PAUSED,
  SHUTTING_DOWN,
  SHUT_OFF,
  CRASHED,
  SUSPENDED,
  OTHER
}

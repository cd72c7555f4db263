package dev.godwit.core.migration;

/** Names of the phases, for tables, diagrams and the API. */
public enum PhaseName {
  ACCEPTED,
  PLANNED,
  PREPARING,
  TRANSFERRING,
  SETTLING,
  ROLLING_BACK,
  COMPLETED,
  CANCELLED,
  FAILED
}

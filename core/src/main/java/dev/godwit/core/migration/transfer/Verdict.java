package dev.godwit.core.migration.transfer;

/** What a row of the decision table calls for. */
public enum Verdict {
  /** Order the transfer, or order it again. */
  START,
  /** The copy goes on: abort and force-complete may be passed on. */
  WATCH,
  /** Something is unknown or about to end by itself: start nothing, destroy nothing. */
  WAIT,
  /** The guest lives at the destination. */
  COMMIT,
  /** The guest stayed at the source and nothing can move it any more. */
  ROLL_BACK,
  /** The source is paused by a migration that is over: resume it, then look again. */
  RESUME_SOURCE,
  /** An incoming domain that nobody will finish: clear it, then look again. */
  CLEAR_DESTINATION,
  /** Two copies run: go back, and suspend the destination's first, for the source owns it. */
  SUSPEND_DESTINATION,
  /** Nothing automatic is safe: an operator is told what to do. */
  HOLD
}

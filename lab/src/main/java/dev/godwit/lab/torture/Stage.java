package dev.godwit.lab.torture;

/** How far a move is when the strike falls. */
enum Stage {
  /** It is planned, and its places are made; the guest runs at the source alone. */
  PREPARING,
  /** libvirt copies it; it has not run at the destination yet. */
  COPYING,
  /** libvirt has just resumed it at the destination, and Godwit has not committed that yet. */
  ARRIVING,
  /** Committed; the source is not known to be gone. */
  COMMITTED,
  /** The source is gone, and what is left of it goes. */
  SETTLING,
  /** What was made at the destination is taken back. */
  GOING_BACK;

  static Stage of(Moment moment) {
    return switch (moment) {
      case Moment.Entry entry -> of(entry.transition());
      case Moment.Copying _, Moment.Incoming _, Moment.Turned() -> COPYING;
      case Moment.Resumed() -> ARRIVING;
    };
  }

  private static Stage of(String transition) {
    return switch (transition) {
      case "PLAN", "PREPARE", "PREPARE_NEXT" -> PREPARING;
      case "TRANSFER" -> COPYING;
      case "COMMIT", "POST_COPY_BROKE" -> COMMITTED;
      case "SETTLE_NEXT", "COMPLETE", "COMPLETED_HOST_RETURNED" -> SETTLING;
      case "CANCEL_PREPARING",
          "PREPARE_FAILED",
          "FAILED_HOST_RETURNED",
          "TRANSFER_CANCELLED",
          "TRANSFER_FAILED",
          "ROLL_BACK_NEXT",
          "ROLLED_BACK_CANCELLED",
          "ROLLED_BACK_FAILED" ->
          GOING_BACK;
      default -> throw new IllegalArgumentException("no case is struck at " + transition);
    };
  }
}

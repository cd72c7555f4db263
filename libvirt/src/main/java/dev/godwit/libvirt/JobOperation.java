package dev.godwit.libvirt;

/** What a job is for (virDomainJobOperation). */
public enum JobOperation {
  UNSPECIFIED(0),
  START(1),
  SAVE(2),
  RESTORE(3),
  MIGRATION_IN(4),
  MIGRATION_OUT(5),
  SNAPSHOT(6),
  SNAPSHOT_REVERT(7),
  DUMP(8),
  BACKUP(9),
  SNAPSHOT_DELETE(10),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  JobOperation(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static JobOperation of(int code) {
    for (JobOperation value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}

package dev.godwit.libvirt;

/** What a disk's job does (virDomainBlockJobType). */
public enum BlockJobType {
  UNSPECIFIED(0),
  PULL(1),
  COPY(2),
  COMMIT(3),
  ACTIVE_COMMIT(4),
  BACKUP(5),
  /** A number that this binding does not know. */
  UNKNOWN(-1);

  private final int code;

  BlockJobType(int code) {
    this.code = code;
  }

  /** The number in libvirt's headers. */
  public int code() {
    return code;
  }

  static BlockJobType of(int code) {
    for (BlockJobType value : values()) {
      if (value.code == code) {
        return value;
      }
    }
    return UNKNOWN;
  }
}

package dev.godwit.libvirt;

/** Which view of the domain's XML (virDomainXMLFlags). */
public enum DomainXmlFlag implements Flag {
  /** With passwords; never log it. */
  SECURE(1 << 0),
  /** What the next start will use. */
  INACTIVE(1 << 1),
  UPDATE_CPU(1 << 2),
  /** The form another host accepts. */
  MIGRATABLE(1 << 3);

  private final int bit;

  DomainXmlFlag(int bit) {
    this.bit = bit;
  }

  @Override
  public int bit() {
    return bit;
  }
}

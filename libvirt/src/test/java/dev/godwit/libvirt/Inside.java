package dev.godwit.libvirt;

/** The C library behind what the interfaces show, for tests of that. */
final class Inside {
  private Inside() {}

  static NativeConnection of(Connection connection) {
    return (NativeConnection) connection;
  }

  static NativeDomain of(Domain domain) {
    return (NativeDomain) domain;
  }
}

package dev.godwit.lab.torture;

/** What is struck. */
enum Victim {
  /** Nothing: such a move shows what the others are measured by. */
  NOBODY("nobody"),
  SERVER("server"),
  SOURCE_AGENT("source-agent"),
  DESTINATION_AGENT("destination-agent"),
  SOURCE_LIBVIRTD("source-libvirtd"),
  DESTINATION_LIBVIRTD("destination-libvirtd"),
  INCOMING_QEMU("incoming-qemu"),
  LINK_OF_HOSTS("link-of-hosts"),
  LINK_TO_SOURCE("link-to-source"),
  LINK_TO_DESTINATION("link-to-destination"),
  DESTINATION_DISK("destination-disk");

  private final String word;

  Victim(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}

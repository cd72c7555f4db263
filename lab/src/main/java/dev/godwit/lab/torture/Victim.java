package dev.godwit.lab.torture;

import java.util.List;

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
  SOURCE_QEMU("source-qemu"),
  SOURCE_HOST("source-host"),
  DESTINATION_HOST("destination-host"),
  LINK_OF_HOSTS("link-of-hosts"),
  LINK_TO_SOURCE("link-to-source"),
  LINK_TO_DESTINATION("link-to-destination"),
  DESTINATION_DISK("destination-disk");

  /** Each of them runs all the time, and is started again when it was killed. */
  static final List<Victim> PROCESSES =
      List.of(SERVER, SOURCE_AGENT, DESTINATION_AGENT, SOURCE_LIBVIRTD, DESTINATION_LIBVIRTD);

  private final String word;

  Victim(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** True when one half of a guest in post-copy goes with it. */
  boolean holdsMemory() {
    return switch (this) {
      case INCOMING_QEMU, SOURCE_QEMU, SOURCE_HOST, DESTINATION_HOST -> true;
      case NOBODY,
          SERVER,
          SOURCE_AGENT,
          DESTINATION_AGENT,
          SOURCE_LIBVIRTD,
          DESTINATION_LIBVIRTD,
          LINK_OF_HOSTS,
          LINK_TO_SOURCE,
          LINK_TO_DESTINATION,
          DESTINATION_DISK ->
          false;
    };
  }

  /** True when it is one process, which is started again when it was killed. */
  boolean process() {
    return PROCESSES.contains(this);
  }

  /** True when it is the destination's QEMU, or goes with it. */
  boolean atDestination() {
    return this == INCOMING_QEMU || this == DESTINATION_HOST;
  }

  /** True for Godwit's own and the ways to it: a copy goes on without them. */
  boolean outlived() {
    return switch (this) {
      case NOBODY, SERVER, SOURCE_AGENT, DESTINATION_AGENT, LINK_TO_SOURCE, LINK_TO_DESTINATION ->
          true;
      case SOURCE_LIBVIRTD,
          DESTINATION_LIBVIRTD,
          INCOMING_QEMU,
          SOURCE_QEMU,
          SOURCE_HOST,
          DESTINATION_HOST,
          LINK_OF_HOSTS,
          DESTINATION_DISK ->
          false;
    };
  }
}

package dev.godwit.core.model;

/** How the guest is handed over at the end of the copy (design §4). */
public enum HandOver {
  /** libvirt starts the destination; the source is fenced after the commit. */
  FAST,
  /** The destination arrives paused and is started only when the source is proven gone. */
  STRICT
}

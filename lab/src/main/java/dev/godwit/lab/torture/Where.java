package dev.godwit.lab.torture;

/** In which scenes a case may have an end. */
enum Where {
  ANYWHERE,
  /** Nothing keeps libvirt from making two copies. */
  UNGUARDED,
  /** In a strict hand-over the source is gone before the guest runs at the destination. */
  FAST,
  STRICT,
  /** Only a QEMU that emulates its guest's CPU hangs on a page as its vCPU needs it. */
  EMULATED;

  boolean has(Scene scene) {
    return switch (this) {
      case ANYWHERE -> true;
      case UNGUARDED -> !scene.mode().guarded();
      case FAST -> !scene.mode().strict();
      case STRICT -> scene.mode().strict();
      case EMULATED -> scene.emulated();
    };
  }
}

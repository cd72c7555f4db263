package dev.godwit.libvirt;

/** This process's threads. */
final class Threads {
  private Threads() {}

  /** Threads that belong to connections: of calls and of deliveries, not the one event loop. */
  static int ofConnections() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.matches("libvirt-(events-of-)?\\d+"))
            .count();
  }

  /** Whether some thread is in that function of libvirt. */
  static boolean isInside(String function) {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(java.util.Arrays::stream)
        .anyMatch(frame -> frame.getMethodName().equals(function));
  }
}

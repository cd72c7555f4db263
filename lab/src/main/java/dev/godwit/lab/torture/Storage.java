package dev.godwit.lab.torture;

/** Where the guest has its disk. */
enum Storage {
  /** In the directory that both hosts see. */
  SHARED("shared", "shared"),
  /** In the host's own directory: it is copied. */
  COPIED("copied", "local");

  private final String word;
  private final String directory;

  Storage(String word, String directory) {
    this.word = word;
    this.directory = directory;
  }

  String word() {
    return word;
  }

  /** The directory's kind, as the API calls it. */
  String directory() {
    return directory;
  }
}

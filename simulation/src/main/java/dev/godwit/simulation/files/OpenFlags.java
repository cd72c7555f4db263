package dev.godwit.simulation.files;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** How a file is opened: the JDK's options as Linux's flags. */
record OpenFlags(
    boolean read,
    boolean write,
    boolean append,
    boolean truncate,
    boolean create,
    boolean createNew,
    boolean follow) {
  private static final Set<OpenOption> KNOWN =
      Set.of(
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.APPEND,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.CREATE,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.SPARSE,
          LinkOption.NOFOLLOW_LINKS);

  static OpenFlags of(Set<? extends OpenOption> options) {
    for (OpenOption option : options) {
      if (!KNOWN.contains(option)) {
        throw new UnsupportedOperationException("opening with " + option);
      }
    }
    boolean append = options.contains(StandardOpenOption.APPEND);
    boolean write = append || options.contains(StandardOpenOption.WRITE);
    boolean read = !write || options.contains(StandardOpenOption.READ);
    boolean truncate = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
    if (append && read) {
      throw new IllegalArgumentException("READ + APPEND not allowed");
    }
    if (append && truncate) {
      throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
    }
    // Creating is for writers only; others' options are ignored, as the JDK does.
    boolean createNew = write && options.contains(StandardOpenOption.CREATE_NEW);
    return new OpenFlags(
        read,
        write,
        append,
        write && truncate,
        write && options.contains(StandardOpenOption.CREATE),
        createNew,
        !createNew && !options.contains(LinkOption.NOFOLLOW_LINKS));
  }

  boolean creates() {
    return create || createNew;
  }
}

package dev.godwit.simulation.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The names that a directory had when it was opened, in their order. */
final class Listing implements DirectoryStream<Path> {
  private final Path directory;
  private final Iterator<String> names;
  private final Filter<? super Path> filter;
  private boolean obtained;
  private boolean closed;

  Listing(Path directory, List<String> names, Filter<? super Path> filter) {
    this.directory = directory;
    this.names = names.iterator();
    this.filter = filter;
  }

  @Override
  public Iterator<Path> iterator() {
    if (closed) {
      throw new IllegalStateException("Directory stream is closed");
    }
    if (obtained) {
      throw new IllegalStateException("Iterator already obtained");
    }
    obtained = true;
    return new Entries();
  }

  @Override
  public void close() {
    closed = true;
  }

  private final class Entries implements Iterator<Path> {
    private @Nullable Path next;

    @Override
    public boolean hasNext() {
      while (next == null && !closed && names.hasNext()) {
        Path entry = directory.resolve(names.next());
        try {
          if (filter.accept(entry)) {
            next = entry;
          }
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
      }
      return next != null;
    }

    @Override
    public Path next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      Path entry = next;
      next = null;
      return entry;
    }
  }
}

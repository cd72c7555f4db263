package dev.godwit.simulation.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path of a simulated host. What is words only, the JDK's own path for Linux does. */
final class SimulatedPath implements Path {
  private final SimulatedFileSystem system;
  private final Path words;

  SimulatedPath(SimulatedFileSystem system, Path words) {
    this.system = system;
    this.words = words;
  }

  private Path with(Path other) {
    return new SimulatedPath(system, other);
  }

  private @Nullable Path withAny(@Nullable Path other) {
    return other == null ? null : with(other);
  }

  private static Path words(Path path) {
    if (path instanceof SimulatedPath simulated) {
      return simulated.words;
    }
    throw new ProviderMismatchException();
  }

  @Override
  public SimulatedFileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return words.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return withAny(words.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return withAny(words.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return withAny(words.getParent());
  }

  @Override
  public int getNameCount() {
    return words.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return with(words.getName(index));
  }

  @Override
  public Path subpath(int from, int to) {
    return with(words.subpath(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    return other.getFileSystem() == system && words.startsWith(words(other));
  }

  @Override
  public boolean endsWith(Path other) {
    return other.getFileSystem() == system && words.endsWith(words(other));
  }

  @Override
  public Path normalize() {
    return with(words.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return with(words.resolve(words(other)));
  }

  @Override
  public Path relativize(Path other) {
    return with(words.relativize(words(other)));
  }

  @Override
  public URI toUri() {
    throw new UnsupportedOperationException("Path.toUri");
  }

  @Override
  public Path toAbsolutePath() {
    return words.isAbsolute() ? this : with(Path.of("/").resolve(words));
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    if (List.of(options).contains(LinkOption.NOFOLLOW_LINKS)) {
      throw new UnsupportedOperationException("Path.toRealPath with NOFOLLOW_LINKS");
    }
    try {
      Walk walk = system.calls().walk(toAbsolutePath().toString(), true);
      walk.node().disk().checkReadable();
      return system.getPath(walk.path());
    } catch (LinuxError e) {
      throw e.about(this);
    }
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException("Path.register");
  }

  @Override
  public int compareTo(Path other) {
    return words.compareTo(words(other));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SimulatedPath path && path.system == system && path.words.equals(words);
  }

  @Override
  public int hashCode() {
    return words.hashCode();
  }

  @Override
  public String toString() {
    return words.toString();
  }
}

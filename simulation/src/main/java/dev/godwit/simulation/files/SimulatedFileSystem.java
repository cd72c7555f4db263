package dev.godwit.simulation.files;

import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A host's tree as one process has it. Closing it is the end of that process, kill -9 included: its
 * channels close, its locks are free, what it wrote stays, and what still runs of it gets {@link
 * ClosedFileSystemException}. Relative paths are those of {@code /}.
 */
public final class SimulatedFileSystem extends FileSystem {
  private final MountTable mounts;
  private final SimulatedProvider provider;
  private final SystemCalls calls;
  private final Set<SimulatedChannel> channels = new LinkedHashSet<>();
  private final Locks locks = new Locks();
  private boolean open = true;

  SimulatedFileSystem(MountTable mounts) {
    this.mounts = mounts;
    this.calls = new SystemCalls(mounts);
    this.provider = new SimulatedProvider(this);
  }

  /**
   * A file takes more of its disk, as a guest's image does when the guest writes, without content.
   * On a full disk an {@link IOException}, as the hypervisor gets it.
   */
  public void grow(Path file, long bytes) throws IOException {
    try {
      regular(file).grow(bytes);
    } catch (LinuxError e) {
      throw e.about(file);
    }
  }

  /** What a file takes of its disk: its blocks, holes not counted, and what it grew by. */
  public long weightBytes(Path file) throws IOException {
    try {
      return regular(file).weight();
    } catch (LinuxError e) {
      throw e.about(file);
    }
  }

  private RegularFile regular(Path path) throws LinuxError {
    if (calls().stat(path.toAbsolutePath().toString(), true) instanceof RegularFile file) {
      return file;
    }
    throw new LinuxError(LinuxError.Code.IS_DIRECTORY);
  }

  SystemCalls calls() {
    if (!open) {
      throw new ClosedFileSystemException();
    }
    return calls;
  }

  MountTable mounts() {
    return mounts;
  }

  SimulatedChannel opened(SimulatedChannel channel) {
    channels.add(channel);
    return channel;
  }

  void closed(SimulatedChannel channel) {
    channels.remove(channel);
  }

  Locks locks() {
    return locks;
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() throws IOException {
    open = false;
    for (SimulatedChannel channel : List.copyOf(channels)) {
      channel.close();
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    List<FileStore> stores = new ArrayList<>();
    mounts.all().forEach(mount -> stores.add(new SimulatedStore(mount)));
    return stores;
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic", "posix", "unix");
  }

  @Override
  public Path getPath(String first, String... more) {
    return new SimulatedPath(this, Path.of(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(Path.of(path.toString()));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("FileSystem.getUserPrincipalLookupService");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("FileSystem.newWatchService");
  }
}

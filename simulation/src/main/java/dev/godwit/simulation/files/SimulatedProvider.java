package dev.godwit.simulation.files;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JDK's door to one process's files: its calls and errors, made of Linux's. */
final class SimulatedProvider extends FileSystemProvider {
  private final SimulatedFileSystem system;

  SimulatedProvider(SimulatedFileSystem system) {
    this.system = system;
  }

  private String name(Path path) {
    if (path.getFileSystem() != system) {
      throw new ProviderMismatchException();
    }
    return path.toAbsolutePath().toString();
  }

  private static boolean follow(LinkOption... options) {
    return !List.of(options).contains(LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    OpenFlags flags = OpenFlags.of(options);
    try {
      Node node =
          system.calls().open(name(path), flags, Permissions.initial("rw-rw-rw-", attributes));
      return system.opened(new SimulatedChannel(system, node, flags));
    } catch (LinuxError e) {
      if (e.code() == LinuxError.Code.LOOP && !flags.follow()) {
        throw new IOException(e.words() + " (NOFOLLOW_LINKS specified)");
      }
      throw e.about(path);
    }
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path path, DirectoryStream.Filter<? super Path> filter) throws IOException {
    try {
      if (system.calls().stat(name(path), true) instanceof Directory directory) {
        return new Listing(path, directory.names(), filter);
      }
      throw new NotDirectoryException(path.toString());
    } catch (LinuxError e) {
      if (e.code() == LinuxError.Code.NOT_DIRECTORY) {
        throw new NotDirectoryException(path.toString());
      }
      throw e.about(path);
    }
  }

  @Override
  public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
    try {
      system.calls().mkdir(name(path), Permissions.initial("rwxrwxrwx", attributes));
    } catch (LinuxError e) {
      throw e.about(path);
    }
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    if (attributes.length > 0) {
      throw new UnsupportedOperationException(
          "Initial file attributes not supported when creating symbolic link");
    }
    try {
      system.calls().symlink(target.toString(), name(link));
    } catch (LinuxError e) {
      throw e.about(link);
    }
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    try {
      system.calls().link(name(existing), name(link));
    } catch (LinuxError e) {
      throw e.about(link, existing);
    }
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    try {
      return system.getPath(system.calls().readlink(name(link)));
    } catch (LinuxError e) {
      if (e.code() == LinuxError.Code.INVALID) {
        throw new NotLinkException(link.toString());
      }
      throw e.about(link);
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    try {
      system.calls().remove(name(path));
    } catch (LinuxError e) {
      throw notDeleted(path, e);
    }
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    try {
      system.calls().remove(name(path));
      return true;
    } catch (LinuxError e) {
      if (e.code() == LinuxError.Code.NO_ENTRY) {
        return false;
      }
      throw notDeleted(path, e);
    }
  }

  private static IOException notDeleted(Path path, LinuxError error) {
    return error.code() == LinuxError.Code.NOT_EMPTY
        ? new DirectoryNotEmptyException(path.toString())
        : error.about(path);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    copies(source, target, options).copy();
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    copies(source, target, options).move();
  }

  private Copies copies(Path source, Path target, CopyOption... options) {
    name(source);
    name(target);
    return new Copies(system.calls(), source, target, options);
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return one.equals(other)
        || (other.getFileSystem() == system && stat(one, true) == stat(other, true));
  }

  private Node stat(Path path, boolean follow) throws IOException {
    try {
      return system.calls().stat(name(path), follow);
    } catch (LinuxError e) {
      throw e.about(path);
    }
  }

  @Override
  public boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    stat(path, true);
    return new SimulatedStore(system.mounts().of(path.toRealPath().toString()));
  }

  @Override
  public boolean exists(Path path, LinkOption... options) {
    try {
      system.calls().stat(name(path), follow(options));
      return true;
    } catch (LinuxError e) {
      return false;
    }
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    try {
      Node node = system.calls().stat(name(path), true);
      for (AccessMode mode : modes) {
        switch (mode) {
          case READ -> {}
          case WRITE -> node.disk().checkWritable();
          case EXECUTE -> {
            if (node instanceof RegularFile && !Permissions.executable(node.permissions())) {
              throw new AccessDeniedException(path.toString());
            }
          }
        }
      }
    } catch (LinuxError e) {
      throw e.orNoEntry().about(path);
    }
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    name(path);
    return type == BasicFileAttributeView.class || type == PosixFileAttributeView.class
        ? type.cast(new AttributeView(system, path, follow(options), type))
        : null;
  }

  private AttributeView view(Path path, LinkOption... options) {
    name(path);
    return new AttributeView(system, path, follow(options), PosixFileAttributeView.class);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type == BasicFileAttributes.class || type == PosixFileAttributes.class) {
      return type.cast(view(path, options).readAttributes());
    }
    throw new UnsupportedOperationException("attributes as " + type.getName());
  }

  /** Asked for most of all: without an exception for what is not there. */
  @Override
  public <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return exists(path, options) ? readAttributes(path, type, options) : null;
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return view(path, options).readAttributes().named(names);
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    if (name.matches("(basic:|posix:|unix:)?lastModifiedTime") && value instanceof FileTime time) {
      view(path, options).setTimes(time, null, null);
    } else if (name.matches("(posix|unix):permissions")) {
      view(path, options).setPermissions(Permissions.of(value));
    } else {
      throw new UnsupportedOperationException("setting attribute " + name);
    }
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("FileSystemProvider.newFileSystem");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException("FileSystemProvider.getFileSystem");
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException("FileSystemProvider.getPath");
  }
}

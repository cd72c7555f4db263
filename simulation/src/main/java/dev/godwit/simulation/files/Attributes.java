package dev.godwit.simulation.files;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stat(2) tells of a file. Access times stay those of its making, as with noatime. */
record Attributes(
    Kind kind,
    Key fileKey,
    int links,
    long size,
    FileTime creationTime,
    FileTime lastModifiedTime,
    Set<PosixFilePermission> permissions)
    implements PosixFileAttributes {
  private static final Set<String> NOT_SIMULATED =
      Set.of("owner", "group", "uid", "gid", "rdev", "ctime");

  /** The kinds of files, with their bits in a mode. */
  enum Kind {
    FILE(0100000),
    DIRECTORY(0040000),
    LINK(0120000);

    private final int bits;

    Kind(int bits) {
      this.bits = bits;
    }
  }

  /** Tells files apart. */
  record Key(long device, long inode) {}

  static Attributes of(Node node) {
    Kind kind =
        switch (node) {
          case RegularFile file -> Kind.FILE;
          case Directory directory -> Kind.DIRECTORY;
          case SymbolicLink link -> Kind.LINK;
        };
    int links = node instanceof Directory directory ? 2 + subdirectories(directory) : node.links();
    return new Attributes(
        kind,
        new Key(node.disk().device(), node.inode()),
        links,
        node.size(),
        node.created(),
        node.modified(),
        node.permissions());
  }

  private static int subdirectories(Directory directory) {
    return Math.toIntExact(directory.nodes().stream().filter(Directory.class::isInstance).count());
  }

  /** By their names of a view, as {@link java.nio.file.Files#readAttributes} takes them. */
  Map<String, Object> named(String viewAndNames) {
    int colon = viewAndNames.indexOf(':');
    String view = colon < 0 ? "basic" : viewAndNames.substring(0, colon);
    Map<String, Object> known = known(view);
    String names = viewAndNames.substring(colon + 1);
    if (names.equals("*") && view.equals("basic")) {
      return known;
    }
    Map<String, Object> wanted = new LinkedHashMap<>();
    for (String name : names.split(",")) {
      if (name.equals("*") || (!view.equals("basic") && NOT_SIMULATED.contains(name))) {
        throw new UnsupportedOperationException("attribute %s:%s".formatted(view, name));
      }
      @Nullable Object value = known.get(name);
      if (value == null) {
        throw new IllegalArgumentException("'%s' not recognized".formatted(name));
      }
      wanted.put(name, value);
    }
    return wanted;
  }

  private Map<String, Object> known(String view) {
    Map<String, Object> known = new LinkedHashMap<>();
    known.put("size", size);
    known.put("creationTime", creationTime);
    known.put("lastAccessTime", lastAccessTime());
    known.put("lastModifiedTime", lastModifiedTime);
    known.put("isDirectory", isDirectory());
    known.put("isRegularFile", isRegularFile());
    known.put("isSymbolicLink", isSymbolicLink());
    known.put("isOther", isOther());
    known.put("fileKey", fileKey);
    if (view.equals("basic")) {
      return known;
    }
    known.put("permissions", permissions);
    if (view.equals("posix")) {
      return known;
    }
    if (!view.equals("unix")) {
      throw new UnsupportedOperationException("View '%s' not available".formatted(view));
    }
    known.put("mode", mode());
    known.put("ino", fileKey.inode);
    known.put("dev", fileKey.device);
    known.put("nlink", links);
    return known;
  }

  private int mode() {
    int mode = kind.bits;
    for (PosixFilePermission permission : permissions) {
      mode |= 0400 >> permission.ordinal();
    }
    return mode;
  }

  @Override
  public FileTime lastAccessTime() {
    return creationTime;
  }

  @Override
  public boolean isRegularFile() {
    return kind == Kind.FILE;
  }

  @Override
  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }

  @Override
  public boolean isSymbolicLink() {
    return kind == Kind.LINK;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public UserPrincipal owner() {
    throw new UnsupportedOperationException("PosixFileAttributes.owner");
  }

  @Override
  public GroupPrincipal group() {
    throw new UnsupportedOperationException("PosixFileAttributes.group");
  }
}

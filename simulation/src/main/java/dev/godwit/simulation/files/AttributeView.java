package dev.godwit.simulation.files;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The attributes of what is at a path when they are asked for. */
record AttributeView(
    SimulatedFileSystem system, Path path, boolean follow, Class<? extends FileAttributeView> type)
    implements PosixFileAttributeView {
  @Override
  public String name() {
    return type == PosixFileAttributeView.class ? "posix" : "basic";
  }

  @Override
  public Attributes readAttributes() throws IOException {
    try {
      return Attributes.of(stat());
    } catch (LinuxError e) {
      throw e.orNoEntry().about(path);
    }
  }

  private Node stat() throws LinuxError {
    return system.calls().stat(path.toAbsolutePath().toString(), follow);
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    if (accessed != null) {
      throw new UnsupportedOperationException("setting the time of a last access");
    }
    if (modified != null) {
      change(node -> node.modified(modified));
    }
  }

  @Override
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    change(node -> node.permissions(permissions));
  }

  private void change(Consumer<Node> change) throws IOException {
    try {
      Node node = stat();
      node.disk().checkWritable();
      change.accept(node);
    } catch (LinuxError e) {
      throw e.about(path);
    }
  }

  @Override
  public void setGroup(GroupPrincipal group) {
    throw new UnsupportedOperationException("setting a file's group");
  }

  @Override
  public UserPrincipal getOwner() {
    throw new UnsupportedOperationException("a file's owner");
  }

  @Override
  public void setOwner(UserPrincipal owner) {
    throw new UnsupportedOperationException("setting a file's owner");
  }
}

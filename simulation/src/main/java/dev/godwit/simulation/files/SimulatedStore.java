package dev.godwit.simulation.files;

import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a mounted disk says of itself. */
final class SimulatedStore extends FileStore {
  private final MountTable.Mount mount;

  SimulatedStore(MountTable.Mount mount) {
    this.mount = mount;
  }

  @Override
  public String name() {
    return mount.disk().name();
  }

  @Override
  public String type() {
    return "simulated";
  }

  @Override
  public boolean isReadOnly() {
    return mount.disk().condition() == Disk.Condition.READ_ONLY;
  }

  @Override
  public long getTotalSpace() {
    return mount.disk().capacityBytes();
  }

  @Override
  public long getUsableSpace() {
    return mount.disk().usableBytes();
  }

  @Override
  public long getUnallocatedSpace() {
    return mount.disk().usableBytes();
  }

  @Override
  public long getBlockSize() {
    return Content.BLOCK_BYTES;
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return type == BasicFileAttributeView.class || type == PosixFileAttributeView.class;
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return Set.of("basic", "posix", "unix").contains(name);
  }

  @Override
  public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
    throw new UnsupportedOperationException("FileStore.getFileStoreAttributeView");
  }

  @Override
  public Object getAttribute(String attribute) {
    throw new UnsupportedOperationException("FileStore.getAttribute " + attribute);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SimulatedStore store && store.mount.equals(mount);
  }

  @Override
  public int hashCode() {
    return mount.hashCode();
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(mount.at(), name());
  }
}

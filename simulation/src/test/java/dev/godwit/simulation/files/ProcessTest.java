package dev.godwit.simulation.files;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.time.Clock;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ProcessTest {
  private final Disk disk = new Disk("/dev/vda", 1, 1 << 20, Clock.systemUTC());
  private final MountTable mounts = new MountTable(disk);
  private final SimulatedFileSystem one = mounts.process();
  private final SimulatedFileSystem other = mounts.process();

  private static FileChannel open(SimulatedFileSystem process) throws IOException {
    return FileChannel.open(process.getPath("/lock"), CREATE, READ, WRITE);
  }

  @Test
  void a_lock_keeps_other_processes_out_until_it_is_released() throws IOException {
    FileLock lock = Objects.requireNonNull(open(one).tryLock());
    FileChannel second = open(other);

    assertThat(second.tryLock()).isNull();
    assertThatThrownBy(second::lock)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("FileChannel.lock");
    lock.release();
    assertThat(second.tryLock()).isNotNull();
  }

  @Test
  void shared_locks_keep_only_writers_out() throws IOException {
    assertThat(open(one).tryLock(0, 10, true)).isNotNull();
    FileChannel second = open(other);

    assertThat(second.tryLock(5, 1, true)).isNotNull();
    assertThat(second.tryLock(0, 1, false)).isNull();
    assertThat(second.tryLock(10, 1, false)).isNotNull();
  }

  @Test
  void a_killed_process_holds_nothing_and_loses_nothing() throws IOException {
    FileChannel first = open(one);
    assertThat(first.tryLock()).isNotNull();
    Path late = Files.writeString(one.getPath("/late"), "written");
    one.close();

    assertThat(open(other).tryLock()).isNotNull();
    assertThat(other.getPath("/late")).hasContent("written");
    assertThatThrownBy(first::size).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> Files.delete(late)).isInstanceOf(ClosedFileSystemException.class);
    assertThat(one.isOpen()).isFalse();
  }

  @Test
  void closing_a_file_once_drops_all_locks_of_the_process_on_it() throws IOException {
    FileLock lock = Objects.requireNonNull(open(one).tryLock());
    open(one).close();

    assertThat(lock.isValid()).isTrue();
    assertThat(open(other).tryLock()).isNotNull();
  }

  @Test
  void paths_of_another_process_are_refused() throws IOException {
    Path mine = Files.createFile(one.getPath("/mine"));

    assertThat(other.getPath("/mine")).exists().isNotEqualTo(mine);
    assertThatThrownBy(() -> one.provider().delete(other.getPath("/mine")))
        .isInstanceOf(ProviderMismatchException.class);
    assertThatThrownBy(() -> mine.resolve(Path.of("x")))
        .isInstanceOf(ProviderMismatchException.class);
  }
}

package dev.godwit.simulation.libvirt;

import dev.godwit.libvirt.DomainState;
import dev.godwit.libvirt.StateReason;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A QEMU process and what libvirt knows of it: both outlive the daemon. */
final class Guest {
  /** What libvirt's asynchronous job on it is. */
  enum Job {
    NONE,
    OUTGOING,
    INCOMING
  }

  /** How far the job is, as libvirt saves it for its own restart. */
  enum Phase {
    NONE,
    BEGIN,
    PERFORM,
    PERFORM_DONE,
    PREPARE,
    FINISH,
    CONFIRM,
    POST_COPY_FAILED
  }

  final UUID uuid;
  final String name;
  DomainXml xml;
  final int id;
  final long pid;
  final Set<String> writable;
  final Memory memory;
  DomainState state = DomainState.PAUSED;
  StateReason reason = StateReason.PAUSED_STARTING_UP;
  Job job = Job.NONE;
  Phase phase = Phase.NONE;
  boolean gone;

  /** Its outgoing migration, while one goes on. */
  Copy copy = new Copy();

  /** Of a post-copy that began, on both sides. */
  Optional<PostCopy> postCopy = Optional.empty();

  /** A call that resumes it is under way in its daemon. */
  boolean resuming;

  /** What is copied of it, and what was asked of that. */
  static final class Copy {
    long totalBytes;
    long sentBytes;
    int iteration;
    boolean abortAsked;
    boolean postCopyPermitted;
    boolean postCopyAsked;
  }

  /** The guest's memory: which run of it wrote its disks last; 0 before it ran. */
  static final class Memory {
    long written;
  }

  Guest(UUID uuid, DomainXml xml, int id, long pid, Memory memory) {
    this.uuid = uuid;
    this.name = xml.name();
    this.xml = xml;
    this.id = id;
    this.pid = pid;
    this.writable = Set.copyOf(xml.writableFiles());
    this.memory = memory;
  }

  boolean running() {
    return !gone && state == DomainState.RUNNING;
  }

  void is(DomainState now, StateReason why) {
    state = now;
    reason = why;
  }

  @Override
  public String toString() {
    return name
        + " "
        + (gone ? "gone" : state + " (" + reason + ")")
        + ", job "
        + job
        + " "
        + phase;
  }
}

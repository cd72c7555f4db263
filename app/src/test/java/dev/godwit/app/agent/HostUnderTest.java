package dev.godwit.app.agent;

import dev.godwit.libvirt.Connection;
import java.util.function.Function;

/** A host with an agent, and what somebody beside the agent does and sees there. */
interface HostUnderTest extends AutoCloseable {
  /** The agent, over gRPC. */
  AgentCalls agent();

  /** The agent ends, and another begins on the same notes. */
  void restartAgent();

  /** Asks libvirt, beside the agent. */
  <T> T libvirt(Function<Connection, T> work);

  /** kill -9; guests go on. */
  void killDaemon();

  void startDaemon();

  /** As other hosts' libvirt reaches this one's. */
  String libvirtUri();

  /** Where QEMU listens for guests that arrive. */
  String migrateUri();

  /** A directory that the other host has too. */
  String sharedDirectory();

  boolean exists(String file);

  /** A file of somebody else's. */
  void put(String file);

  /** With all that is in it; nothing when it is not there. */
  void remove(String file);

  @Override
  void close();
}

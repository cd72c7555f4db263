package dev.godwit.agent;

import dev.godwit.agent.file.HostPrograms;
import dev.godwit.agent.file.Programs;
import dev.godwit.agent.host.IncomingStreams;
import dev.godwit.agent.host.KernelSockets;
import dev.godwit.agent.host.LinkTrial;
import dev.godwit.core.port.Tempo;
import dev.godwit.libvirt.Connection;
import dev.godwit.libvirt.ConnectionOptions;
import dev.godwit.wire.MachineTempo;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What an agent stands on; a simulation gives it another.
 *
 * @param libvirt opens connections to the local daemon
 * @param ids each another one
 */
public record Machine(
    FileSystem files,
    Programs programs,
    Function<ConnectionOptions, Connection> libvirt,
    LinkTrial.Dialer dialer,
    IncomingStreams.KeepAlive keepAlive,
    Clock clock,
    Tempo tempo,
    Supplier<UUID> ids) {
  /** The one that this process runs on. */
  public static Machine real() {
    return new Machine(
        FileSystems.getDefault(),
        new HostPrograms(),
        Connection::open,
        LinkTrial::dial,
        KernelSockets::keepAlive,
        Clock.systemUTC(),
        new MachineTempo(),
        UUID::randomUUID);
  }
}

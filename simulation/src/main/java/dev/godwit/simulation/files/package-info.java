/**
 * The files of simulated hosts: a {@link java.nio.file.FileSystem} in memory with Linux's and the
 * JDK's semantics and errors, for one thread, the same in every run.
 *
 * <p>Reading order: {@link dev.godwit.simulation.files.Disk}, which is filled, breaks and loses its
 * power; {@link dev.godwit.simulation.files.MountTable}, a host's tree of disks; {@link
 * dev.godwit.simulation.files.SimulatedFileSystem}, what one process sees of it. Below these are
 * Linux's system calls, and above them the JDK's provider.
 *
 * <p>Every process is root: permissions are kept and shown, never in the way. What is not simulated
 * throws {@link java.lang.UnsupportedOperationException} with its name.
 */
@NullMarked
package dev.godwit.simulation.files;

import org.jspecify.annotations.NullMarked;

/**
 * libvirt and QEMU as they were read and measured on 9.0.0 and 7.2: what daemons, guests and their
 * moves do by themselves, on simulated time.
 */
@NullMarked
package dev.godwit.simulation.libvirt;

import org.jspecify.annotations.NullMarked;

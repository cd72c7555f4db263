/**
 * The whole of Godwit on real libvirt and QEMU: guests are watched from outside, by virsh and by
 * themselves.
 */
@NullMarked
package dev.godwit.app.real;

import org.jspecify.annotations.NullMarked;

/**
 * Several real libvirt hosts on one machine, the guest that proves things, the demo and the
 * torture.
 */
@NullMarked
package dev.godwit.lab;

import org.jspecify.annotations.NullMarked;

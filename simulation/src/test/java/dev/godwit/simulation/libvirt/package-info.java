@NullMarked
package dev.godwit.simulation.libvirt;

import org.jspecify.annotations.NullMarked;

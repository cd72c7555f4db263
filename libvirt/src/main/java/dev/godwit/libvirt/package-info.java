/** A binding of libvirt's C library by java.lang.foreign; usable on its own. */
@NullMarked
package dev.godwit.libvirt;

import org.jspecify.annotations.NullMarked;

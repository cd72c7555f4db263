/**
 * A binding of libvirt's C library by java.lang.foreign; usable on its own.
 *
 * <p>Reading order: {@link dev.godwit.libvirt.Connection}, {@link dev.godwit.libvirt.Domain},
 * {@link dev.godwit.libvirt.DomainJob}, {@link dev.godwit.libvirt.DomainEvent}; inside, {@code
 * CallThread} (one thread and one call at a time per connection) and {@code LibvirtC} (the C
 * functions).
 */
@NullMarked
package dev.godwit.libvirt;

import org.jspecify.annotations.NullMarked;

/** Lock: libvirt's lock manager set up on this host, and what of it is true. */
@NullMarked
package dev.godwit.agent.lock;

import org.jspecify.annotations.NullMarked;

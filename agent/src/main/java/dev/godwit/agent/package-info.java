/** The host's hands: the only part that talks to the local libvirtd and touches files. */
@NullMarked
package dev.godwit.agent;

import org.jspecify.annotations.NullMarked;

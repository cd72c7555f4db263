/** Hosts in memory that obey the contract of the ports, and can be silenced, held and frozen. */
@NullMarked
package dev.godwit.server.fake;

import org.jspecify.annotations.NullMarked;

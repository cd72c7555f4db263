/** The agents: who announced itself, how it is called, what it reports. */
@NullMarked
package dev.godwit.server.fleet;

import org.jspecify.annotations.NullMarked;

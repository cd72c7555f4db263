/** The hosts as they announce themselves: what they have, and whether they answer. */
@NullMarked
package dev.godwit.server.fleet;

import org.jspecify.annotations.NullMarked;

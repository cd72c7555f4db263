/** What the core needs from outside. */
@NullMarked
package dev.godwit.core.port;

import org.jspecify.annotations.NullMarked;

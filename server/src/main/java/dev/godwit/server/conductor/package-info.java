/** Migrations on their way: observe, decide, journal, act. */
@NullMarked
package dev.godwit.server.conductor;

import org.jspecify.annotations.NullMarked;

/** Instances outside migrations. */
@NullMarked
package dev.godwit.server.guests;

import org.jspecify.annotations.NullMarked;

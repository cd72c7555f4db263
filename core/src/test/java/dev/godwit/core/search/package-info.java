/** Every history up to a bound, over the real decisions, with libvirt as it is. */
@NullMarked
package dev.godwit.core.search;

import org.jspecify.annotations.NullMarked;

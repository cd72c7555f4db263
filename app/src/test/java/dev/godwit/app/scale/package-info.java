/** Many hosts at once, none of them real. */
@NullMarked
package dev.godwit.app.scale;

import org.jspecify.annotations.NullMarked;

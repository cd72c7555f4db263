/** Main, configuration, wiring. */
@NullMarked
package dev.godwit.app;

import org.jspecify.annotations.NullMarked;

/** The doors: the Compute API, the built-in identity, Godwit's own API. */
@NullMarked
package dev.godwit.server.api;

import org.jspecify.annotations.NullMarked;

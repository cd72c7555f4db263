/** Configuration files: read, checked, and refused loudly. */
@NullMarked
package dev.godwit.app.config;

import org.jspecify.annotations.NullMarked;

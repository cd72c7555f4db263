/** Godwit beside the bare tools, on the same hosts and in one run. */
@NullMarked
package dev.godwit.lab.bench;

import org.jspecify.annotations.NullMarked;

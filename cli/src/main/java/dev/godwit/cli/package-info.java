/** The command line: one class per command, a client of the APIs. */
@NullMarked
package dev.godwit.cli;

import org.jspecify.annotations.NullMarked;

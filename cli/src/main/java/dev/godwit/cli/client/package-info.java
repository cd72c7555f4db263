/** The APIs as a program calls them: used by the commands, and by what shows and measures them. */
@NullMarked
package dev.godwit.cli.client;

import org.jspecify.annotations.NullMarked;

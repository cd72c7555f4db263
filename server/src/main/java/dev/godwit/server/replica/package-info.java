/** The servers of one database: who of them lives, and so owns what it took. */
@NullMarked
package dev.godwit.server.replica;

import org.jspecify.annotations.NullMarked;

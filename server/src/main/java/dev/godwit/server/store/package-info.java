/** What is recorded: one SQL text, one transaction per change. */
@NullMarked
package dev.godwit.server.store;

import org.jspecify.annotations.NullMarked;

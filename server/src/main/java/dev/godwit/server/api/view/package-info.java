/** What the APIs answer, by microversion. */
@NullMarked
package dev.godwit.server.api.view;

import org.jspecify.annotations.NullMarked;

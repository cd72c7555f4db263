/** Namespaces, links, certificates and daemons of one lab. */
@NullMarked
package dev.godwit.lab.host;

import org.jspecify.annotations.NullMarked;

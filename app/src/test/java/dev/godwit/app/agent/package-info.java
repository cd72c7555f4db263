/** What an agent does for a server, whatever hypervisor it commands. */
@NullMarked
package dev.godwit.app.agent;

import org.jspecify.annotations.NullMarked;

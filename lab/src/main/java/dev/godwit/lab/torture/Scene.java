package dev.godwit.lab.torture;

/**
 * In what cases are run.
 *
 * @param emulated guests run without hardware virtualization
 */
record Scene(Mode mode, boolean emulated) {}

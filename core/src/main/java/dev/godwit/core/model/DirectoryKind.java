package dev.godwit.core.model;

/**
 * Where an instance's disk lives: a directory meant to be shared by hosts, or one of the host's
 * own.
 */
public enum DirectoryKind {
  SHARED,
  LOCAL
}

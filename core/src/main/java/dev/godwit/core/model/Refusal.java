package dev.godwit.core.model;

/**
 * Why something is not done: an operating error as a value.
 *
 * @param code stable word for programs
 * @param subject what it is about (a host, a disk, an instance)
 * @param expected what would have been right
 * @param found what was there
 * @param remedy one sentence: what to do
 */
public record Refusal(String code, String subject, String expected, String found, String remedy) {
  /** One line for people. */
  public String sentence() {
    return "%s: %s: expected %s, found %s. %s".formatted(code, subject, expected, found, remedy);
  }
}

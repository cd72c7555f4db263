package dev.godwit.cli;

import java.util.List;

/** What the exit code of every command means; the one table of them. */
public final class ExitCodes {
  /** What was asked for is done. */
  public static final int DONE = 0;

  /** It failed or was refused: the move failed, no host is suitable, the API said no. */
  public static final int FAILED = 1;

  /** The command line itself is wrong. */
  public static final int USAGE = 2;

  /** No such guest, host, migration or lab. */
  public static final int NOT_FOUND = 3;

  /** Something else is under way with it, or a name means several guests. */
  public static final int CONFLICT = 4;

  /** The API cannot be reached, or what answers is not Godwit. */
  public static final int UNREACHABLE = 5;

  /** The token is missing, unknown, or not allowed to do this. */
  public static final int UNAUTHORIZED = 6;

  private static final List<String> TABLE =
      List.of(
          "",
          "Exit codes:",
          "  0  done",
          "  1  failed or refused (the move failed, no suitable host)",
          "  2  wrong usage",
          "  3  not found",
          "  4  conflict: something else is under way, or the name is ambiguous",
          "  5  the API cannot be reached",
          "  6  the token is missing or refused");

  private ExitCodes() {}

  /** The table as lines of text, for the foot of every help page. */
  public static List<String> table() {
    return TABLE;
  }
}

package dev.godwit.simulation.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A system call that failed, before it is said of which file. */
final class LinuxError extends Exception {
  private static final long serialVersionUID = 1L;

  /** Linux's errors, in its own words. */
  enum Code {
    BUSY("Device or resource busy"),
    EXISTS("File exists"),
    INVALID("Invalid argument"),
    IO("Input/output error"),
    IS_DIRECTORY("Is a directory"),
    LOOP("Too many levels of symbolic links"),
    NAME_TOO_LONG("File name too long"),
    NO_ENTRY("No such file or directory"),
    NO_SPACE("No space left on device"),
    NOT_DIRECTORY("Not a directory"),
    NOT_EMPTY("Directory not empty"),
    NOT_PERMITTED("Operation not permitted"),
    OTHER_DEVICE("Invalid cross-device link"),
    READ_ONLY("Read-only file system");

    private final String words;

    Code(String words) {
      this.words = words;
    }
  }

  private final Code code;

  /** Without a stack: most are expected by their callers, and there are many. */
  LinuxError(Code code) {
    super(code.words, null, false, false);
    this.code = code;
  }

  Code code() {
    return code;
  }

  String words() {
    return code.words;
  }

  /** As the JDK throws it from a channel. */
  IOException plain() {
    return new IOException(code.words);
  }

  /** As the JDK throws it for a path. */
  IOException about(Path file) {
    return about(file, null);
  }

  /** As the JDK throws it for two paths. */
  IOException about(Path file, @Nullable Path other) {
    String one = file.toString();
    @Nullable String two = other == null ? null : other.toString();
    return switch (code) {
      case NO_ENTRY -> new NoSuchFileException(one, two, null);
      case EXISTS -> new FileAlreadyExistsException(one, two, null);
      case LOOP ->
          new FileSystemException(
              one, two, code.words + " or unable to access attributes of symbolic link");
      case BUSY,
          INVALID,
          IO,
          IS_DIRECTORY,
          NAME_TOO_LONG,
          NO_SPACE,
          NOT_DIRECTORY,
          NOT_EMPTY,
          NOT_PERMITTED,
          OTHER_DEVICE,
          READ_ONLY ->
          new FileSystemException(one, two, code.words);
    };
  }

  /** Where the JDK asks only whether something is there, a path through a file leads nowhere. */
  LinuxError orNoEntry() {
    return code == Code.NOT_DIRECTORY ? new LinuxError(Code.NO_ENTRY) : this;
  }
}

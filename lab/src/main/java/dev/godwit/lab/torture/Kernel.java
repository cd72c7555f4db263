package dev.godwit.lab.torture;

import dev.godwit.lab.host.LabFailure;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls that must not wait for a program to start: a moment is milliseconds long, and on a
 * busy machine a program takes longer than that.
 */
final class Kernel {
  private static final int SIGKILL = 9;
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;

  /** PRIO_PROCESS: on Linux of one thread. */
  private static final int THREAD = 0;

  private static final int CALLER = 0;
  private static final int NORMAL = 0;
  private static final int HURRIED = -15;

  private final MethodHandle kill;
  private final MethodHandle setPriority;

  Kernel() {
    FunctionDescriptor two =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    FunctionDescriptor three =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    this.kill = function("kill", two);
    this.setPriority = function("setpriority", three);
  }

  private static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  /** SIGKILL; false when there is no such process. */
  boolean kill(long pid) {
    return signal(pid, SIGKILL);
  }

  /** SIGSTOP; false when there is no such process. */
  boolean stop(long pid) {
    return signal(pid, SIGSTOP);
  }

  /** SIGCONT; false when there is no such process. */
  boolean go(long pid) {
    return signal(pid, SIGCONT);
  }

  private boolean signal(long pid, int signal) {
    try {
      return (int) kill.invokeExact(Math.toIntExact(pid), signal) == 0;
    } catch (Throwable e) {
      throw new LabFailure("kill(2): " + e);
    }
  }

  /**
   * Has the calling thread go before all others, or be as they are; as far as that is permitted.
   */
  void hurry(boolean hurried) {
    try {
      int _ = (int) setPriority.invokeExact(THREAD, CALLER, hurried ? HURRIED : NORMAL);
    } catch (Throwable e) {
      throw new LabFailure("setpriority(2): " + e);
    }
  }
}

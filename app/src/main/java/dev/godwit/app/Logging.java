package dev.godwit.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** One log for everything in the process; clients of the API do not log. */
final class Logging {
  private Logging() {}

  /** Brings java.util.logging, which Helidon, gRPC and Hikari's driver use, into it. */
  static void start() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** Nothing in the process logs any more. */
  static void end() {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(Level.OFF);
  }
}

package dev.godwit.server.store;

import java.sql.SQLException;
import javax.sql.DataSource;

/** One of the two databases: how it is opened, and what its errors mean. */
public interface Engine extends AutoCloseable {
  /** How people know it; no secrets. */
  String name();

  /** Connections for changes. */
  DataSource writers();

  /** Connections for looks. */
  DataSource readers();

  /** True when a look is to be a transaction, so that its rows come one by one. */
  boolean looksInTransactions();

  /** What an error before the commit means: nothing was changed, and then? */
  Again again(SQLException error);

  /** True when a commit that failed so is known to have changed nothing. */
  boolean refusedCommit(SQLException error);

  /** How to help, when it cannot be written or read. */
  String remedy();

  /** Whether the same work is worth another attempt. */
  enum Again {
    /** Others were in the way; soon they are not. */
    OTHERS,
    /** The connection was an old one of before a restart; another one may be good. */
    CONNECTION,
    /** It would fail again. */
    NO
  }

  /** True when one server has it, and no other can have it as long as it does. */
  boolean alone();

  /**
   * Makes sure that no living process has this server's name; true from then on until the database
   * is closed or the connection breaks, after which it is to be asked for again.
   */
  boolean holdName(String server);

  /** Ends the sessions that hold this server's name: of one that stands still for too long. */
  void evictName(String server);

  @Override
  void close();
}

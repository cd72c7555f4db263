package dev.godwit.simulation.store;

import static java.util.Objects.requireNonNull;

import dev.godwit.server.store.DatabaseTrouble;
import dev.godwit.server.store.Engine;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A server's way to a database in memory. Work on it happens in one moment of the world. */
public final class SimulatedEngine implements Engine {
  /** PostgreSQL's: others were in the way of a transaction, and it was undone. */
  static final String AGAIN = "40001";

  private static final String REFUSED = "refused";

  private final Supplier<Connection> open;
  private final NameBook names;

  /** Which server has which name: a session's lock, gone with its process. */
  public interface NameBook {
    /** False when another living process has it. */
    boolean hold(String server);

    /** Whoever has it loses it. */
    void evict(String server);
  }

  SimulatedEngine(Supplier<Connection> open, NameBook names) {
    this.open = open;
    this.names = names;
  }

  /** A connection whose commit may fail, or be made without an answer. */
  static Connection failing(
      Connection real, Statements statements, Supplier<Commit> next, Runnable afterClose) {
    return (Connection)
        Proxy.newProxyInstance(
            SimulatedEngine.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new Session(real, statements, next, afterClose));
  }

  /** Where prepared statements come from. */
  interface Statements {
    PreparedStatement of(String sql) throws SQLException;
  }

  /** What becomes of a commit. */
  enum Commit {
    MADE,
    REFUSED,
    MADE_UNLEARNED,
    LOST_UNLEARNED
  }

  private static final class Session implements InvocationHandler {
    private final Connection real;
    private final Statements statements;
    private final Supplier<Commit> next;
    private final Runnable afterClose;
    private boolean begun;

    Session(Connection real, Statements statements, Supplier<Commit> next, Runnable afterClose) {
      this.real = real;
      this.statements = statements;
      this.next = next;
      this.afterClose = afterClose;
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
        throws Throwable {
      switch (method.getName()) {
        case "close" -> afterClose.run();
        case "commit" -> commit();
        case "rollback" -> rollBack();
        case "setAutoCommit" -> transaction(arguments);
        case "getAutoCommit" -> {
          return !begun;
        }
        case "prepareStatement" -> {
          return statements.of((String) requireNonNull(arguments)[0]);
        }
        default -> {
          try {
            return method.invoke(real, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }
      }
      return null;
    }

    /** A server's is a part of the world's. */
    private void transaction(Object @Nullable [] arguments) throws SQLException {
      if (!begun && requireNonNull(arguments)[0].equals(false)) {
        make("SAVEPOINT work");
        begun = true;
      }
    }

    private void make(String sql) throws SQLException {
      try (PreparedStatement statement = statements.of(sql)) {
        statement.execute();
      }
    }

    private void commit() throws SQLException {
      switch (next.get()) {
        case MADE -> keep();
        case REFUSED -> {
          rollBack();
          throw new SQLException("disk I/O error", REFUSED);
        }
        case MADE_UNLEARNED -> {
          keep();
          throw new SQLException("the connection was lost in a commit", "08007");
        }
        case LOST_UNLEARNED -> {
          rollBack();
          throw new SQLException("the connection was lost in a commit", "08007");
        }
      }
    }

    private void keep() throws SQLException {
      make("RELEASE work");
      begun = false;
    }

    private void rollBack() throws SQLException {
      if (begun) {
        make("ROLLBACK TO work");
        keep();
      }
    }
  }

  private record Source(Supplier<Connection> open) implements DataSource {
    @Override
    public Connection getConnection() throws SQLException {
      try {
        return open.get();
      } catch (Away e) {
        throw new SQLException(e.getMessage(), "08001", e);
      }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
      return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() {
      return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLException("nothing is wrapped");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }

  /** It cannot be reached now. */
  static final class Away extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Away() {
      super("the database cannot be reached");
    }
  }

  @Override
  public String name() {
    return "in memory";
  }

  @Override
  public DataSource writers() {
    return new Source(open);
  }

  @Override
  public DataSource readers() {
    return new Source(open);
  }

  @Override
  public boolean looksInTransactions() {
    return false;
  }

  @Override
  public Again again(SQLException error) {
    // Not OTHERS, for which it rests by the machine's clock: others go on meanwhile anyhow.
    return AGAIN.equals(error.getSQLState()) ? Again.CONNECTION : Again.NO;
  }

  @Override
  public boolean refusedCommit(SQLException error) {
    return REFUSED.equals(error.getSQLState());
  }

  @Override
  public String remedy() {
    return "Wait.";
  }

  @Override
  public boolean alone() {
    return false;
  }

  @Override
  public boolean holdName(String server) {
    try {
      return names.hold(server);
    } catch (Away e) {
      throw new DatabaseTrouble("whether the name %s is free is not told".formatted(server), e);
    }
  }

  @Override
  public void evictName(String server) {
    try {
      names.evict(server);
    } catch (Away e) {
      throw new DatabaseTrouble("the name %s is not taken away".formatted(server), e);
    }
  }

  @Override
  public void close() {}
}

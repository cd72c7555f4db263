package dev.godwit.server.store;

import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** The database as one piece of work has it: on one connection, to its end. */
final class Handle {
  private final JdbcClient client;
  private final JdbcTransactionManager transactions;

  Handle(DataSource connections) {
    JdbcTemplate template = new JdbcTemplate(connections);
    template.setExceptionTranslator((task, sql, answer) -> new SqlTrouble(answer));
    this.client = JdbcClient.create(template);
    this.transactions = new JdbcTransactionManager(connections);
    transactions.setExceptionTranslator((task, sql, answer) -> new SqlTrouble(answer));
  }

  /** A statement whose parameters are yet to be bound. */
  Statement sql(String text) {
    return new Statement(client.sql(text));
  }

  /** Does the work, each statement for itself. */
  <T> T apart(Function<Handle, T> work) {
    return within(TransactionDefinition.PROPAGATION_SUPPORTS, work, transactions::commit);
  }

  /** Does the work in one transaction. */
  <T> T together(Function<Handle, T> work) {
    return together(work, transactions::commit);
  }

  /** What commits; of which it may not be known whether it did. */
  interface Commit {
    void make(TransactionStatus begun);
  }

  /** Does the work in one transaction that somebody else commits. */
  <T> T together(Function<Handle, T> work, Commit commit) {
    return within(TransactionDefinition.PROPAGATION_REQUIRED, work, commit);
  }

  void commit(TransactionStatus begun) {
    transactions.commit(begun);
  }

  private <T> T within(int propagation, Function<Handle, T> work, Commit commit) {
    TransactionStatus begun = begin(propagation);
    T result;
    try {
      result = work.apply(this);
    } catch (CannotGetJdbcConnectionException e) {
      rollBack(begun, e);
      throw SqlTrouble.of(e);
    } catch (RuntimeException | Error e) {
      rollBack(begun, e);
      throw e;
    }
    commit.make(begun);
    return result;
  }

  private TransactionStatus begin(int propagation) {
    try {
      return transactions.getTransaction(new DefaultTransactionDefinition(propagation));
    } catch (CannotCreateTransactionException e) {
      throw SqlTrouble.of(e);
    }
  }

  /** SQLite has done so itself when the disk is full, and says so. */
  private void rollBack(TransactionStatus begun, Throwable why) {
    try {
      transactions.rollback(begun);
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }
}

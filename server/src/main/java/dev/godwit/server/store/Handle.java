package dev.godwit.server.store;

import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** The database as one piece of work has it: on one connection, to its end. */
final class Handle {
  private final JdbcClient client;
  private final Transactions transactions;

  Handle(DataSource connections) {
    JdbcTemplate template = new JdbcTemplate(connections);
    template.setExceptionTranslator((task, sql, answer) -> new SqlTrouble(answer));
    this.client = JdbcClient.create(template);
    this.transactions = new Transactions(connections);
  }

  private static final class Transactions extends DataSourceTransactionManager {
    private static final long serialVersionUID = 1L;

    Transactions(DataSource connections) {
      super(connections);
      // SQLite would else commit it when its connection is given back.
      setRollbackOnCommitFailure(true);
    }

    /** One without its session ends by itself, and SQLite's has done so when the disk is full. */
    @Override
    protected void doRollback(DefaultTransactionStatus begun) {
      try {
        super.doRollback(begun);
      } catch (TransactionSystemException e) {
        logger.debug("a transaction that was over", e);
      }
    }
  }

  /** A statement whose parameters are yet to be bound. */
  Statement sql(String text) {
    return new Statement(client.sql(text));
  }

  /** Does the work, each statement for itself. */
  <T> T apart(Function<Handle, T> work) {
    return within(TransactionDefinition.PROPAGATION_SUPPORTS, work);
  }

  /**
   * Does the work in one transaction.
   *
   * @throws SqlTrouble.InCommit when its commit failed, and it may have been made
   */
  <T> T together(Function<Handle, T> work) {
    return within(TransactionDefinition.PROPAGATION_REQUIRED, work);
  }

  private <T> T within(int propagation, Function<Handle, T> work) {
    TransactionStatus begun = begin(propagation);
    T result;
    try {
      result = work.apply(this);
    } catch (CannotGetJdbcConnectionException e) {
      transactions.rollback(begun);
      throw SqlTrouble.of(e);
    } catch (RuntimeException | Error e) {
      transactions.rollback(begun);
      throw e;
    }
    try {
      transactions.commit(begun);
    } catch (TransactionSystemException e) {
      throw new SqlTrouble.InCommit(e);
    }
    return result;
  }

  private TransactionStatus begin(int propagation) {
    try {
      return transactions.getTransaction(new DefaultTransactionDefinition(propagation));
    } catch (CannotCreateTransactionException e) {
      throw SqlTrouble.of(e);
    }
  }
}

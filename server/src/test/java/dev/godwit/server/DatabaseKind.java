package dev.godwit.server;

import dev.godwit.server.store.DatabaseAddress;
import java.nio.file.Path;

/** The databases that keep the same contract. */
public enum DatabaseKind {
  SQLITE {
    @Override
    public DatabaseAddress fresh(Path folder) {
      return new DatabaseAddress.Sqlite(folder.resolve("godwit.db"));
    }
  },
  POSTGRESQL {
    @Override
    public DatabaseAddress fresh(Path folder) {
      return PostgresqlForTests.one().fresh();
    }
  };

  /** One with nothing in it. */
  public abstract DatabaseAddress fresh(Path folder);
}

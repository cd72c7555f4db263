package dev.godwit.server.store;

import java.security.SecureRandom;
import java.util.Base64;

/** What the servers of one database know and nobody else. */
public final class Secrets {
  private final Database database;

  public Secrets(Database database) {
    this.database = database;
  }

  /** The same at every server, and after each start; made by the first that asks. */
  public byte[] shared(String what) {
    byte[] fresh = new byte[32];
    new SecureRandom().nextBytes(fresh);
    String text =
        database.change(handle -> {
          handle
              .sql(
                  "INSERT INTO secrets (what, secret) VALUES (:what, :secret) ON CONFLICT (what) DO NOTHING")
              .bind("what", what)
              .bind("secret", Base64.getEncoder().encodeToString(fresh))
              .execute();
          return handle
              .sql("SELECT secret FROM secrets WHERE what = :what")
              .bind("what", what)
              .one(row -> row.text("secret"));
        });
    return Base64.getDecoder().decode(text);
  }
}

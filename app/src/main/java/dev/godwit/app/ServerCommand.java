package dev.godwit.app;

import dev.godwit.app.config.ServerSettings;
import dev.godwit.server.Server;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** godwit server: the APIs and the conductor. */
@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    description = "Run the server: APIs, conductor, database.")
final class ServerCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A TOML file. Without it everything has its default.")
  Optional<Path> config;

  @Override
  public Integer call() throws InterruptedException {
    Server.Configuration configuration =
        config.map(ServerSettings::read).orElseGet(ServerSettings::defaults);
    Logging.start();
    Server server = new Server(configuration, Clock.systemUTC());
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
    server.start();
    LoggerFactory.getLogger(ServerCommand.class)
        .atInfo()
        .addKeyValue("name", configuration.name())
        .addKeyValue("api_port", server.apiPort())
        .log("the server is up");
    server.awaitEnd();
    return 0;
  }
}

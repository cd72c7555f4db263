package dev.godwit.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** godwit vm create: a new guest from an image. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = "Create a guest from an image and start it.")
final class VmCreateCommand implements Callable<Integer> {
  private static final List<String> NETWORKS = List.of("auto", "none");

  /** For the completion script. */
  static final class Networks implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return NETWORKS.iterator();
    }
  }

  @Mixin ApiOptions options;

  @Parameters(paramLabel = "NAME", description = "The new guest's name.")
  String name;

  @Option(
      names = "--image",
      required = true,
      paramLabel = "IMAGE",
      description = "The image's ID or name.")
  String image;

  @Option(
      names = "--flavor",
      required = true,
      paramLabel = "FLAVOR",
      description = "The flavor's ID or name.")
  String flavor;

  @Option(names = "--host", paramLabel = "HOST", description = "On this host and no other.")
  Optional<String> host;

  @Option(
      names = "--disk",
      paramLabel = "DISK",
      converter = DiskOption.Converter.class,
      description = "A disk, as often as wanted: " + DiskOption.FORM + ".")
  List<DiskOption> disks = List.of();

  @Option(
      names = "--kernel-arguments",
      paramLabel = "TEXT",
      description = "More arguments for the kernel of an image that has one.")
  Optional<String> kernelArguments;

  @Option(
      names = "--network",
      paramLabel = "auto|none",
      defaultValue = "auto",
      completionCandidates = Networks.class,
      description = "A network as the cloud gives it, or none. Default: auto.")
  String network;

  @Option(names = "--wait", description = "Return when it runs or failed.")
  boolean wait;

  @Override
  public Integer call() {
    if (!NETWORKS.contains(network)) {
      throw options.usage("--network must be auto or none, not '" + network + "'");
    }
    refuseTargetsTwice();
    Api api = options.api();
    host.ifPresent(wanted -> Hosts.of(api).require(wanted));
    JsonNode created = api.post("create " + name, "/v2.1/servers", body(api)).path("server");
    String id = Doc.text(created, "id");
    Guests guests = new Guests(api);
    JsonNode server = wait ? guests.await(id, Set.of("ACTIVE")) : guests.show(id);
    VmShowCommand.print(options, server);
    return ExitCodes.DONE;
  }

  private void refuseTargetsTwice() {
    Set<String> taken = new HashSet<>();
    for (DiskOption disk : disks) {
      if (!taken.add(disk.target())) {
        throw options.usage(
            "--disk: expected a target of its own for each disk, found target=%s more than once;"
                    .formatted(disk.target())
                + " call one of them otherwise");
      }
    }
  }

  private ObjectNode body(Api api) {
    ObjectNode body = Api.object();
    ObjectNode server =
        body.putObject("server")
            .put("name", name)
            .put("imageRef", Offer.IMAGE.id(api, image))
            .put("flavorRef", Offer.FLAVOR.id(api, flavor))
            .put("networks", network);
    host.ifPresent(pinned -> server.put("host", pinned));
    if (!disks.isEmpty() || kernelArguments.isPresent()) {
      ObjectNode hints = body.putObject("os:scheduler_hints");
      if (!disks.isEmpty()) {
        ArrayNode wanted = hints.putArray("godwit:disks");
        disks.forEach(disk -> wanted.add(disk.json()));
      }
      kernelArguments.ifPresent(text -> hints.put("godwit:kernel_arguments", text));
    }
    return body;
  }
}

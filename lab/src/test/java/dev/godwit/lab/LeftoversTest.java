package dev.godwit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is taken for a leftover of a move that is over. */
final class LeftoversTest {
  private static final Leftovers.Of GUEST = new Leftovers.Of("11111111", "instance-00000001");

  @TempDir Path agent;

  private List<String> found() {
    return Leftovers.ofAgent(agent, GUEST).stream()
        .map(it -> it.replace(agent.toString(), "agent"))
        .toList();
  }

  private void write(String file, String text) throws IOException {
    Path path = agent.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void a_note_that_is_closed_and_the_room_that_is_kept_are_no_leftovers() throws IOException {
    write("reserve", "room");
    write("notes/1.json", "{\"instance\":\"11111111\",\"closed_by\":3}");
    write("notes/2.json", "{\"instance\":\"22222222\",\"closed_by\":0}");
    Files.createDirectories(agent.resolve("proofs"));
    assertThat(found()).isEmpty();
  }

  @Test
  void open_notes_notes_of_proofs_and_half_written_files_are_leftovers() throws IOException {
    write("notes/1.json", "{\"instance\":\"11111111\",\"closed_by\":0}");
    write("notes/3.json.new", "{");
    write("proofs/0d9f", "/srv/shared/.godwit-shared-0d9f");
    write("reserve.part", "ro");
    assertThat(found())
        .containsExactlyInAnyOrder(
            "open note agent/notes/1.json",
            "half-written file agent/notes/3.json.new",
            "note of a proof agent/proofs/0d9f",
            "half-written file agent/reserve.part");
  }

  @Test
  void files_half_written_and_proofs_are_leftovers_wherever_the_server_or_a_guest_has_its_own()
      throws IOException {
    write("godwit.db-wal", "pages");
    write("server.toml", "[api]");
    write("admin.token", "token");
    assertThat(Leftovers.marks(agent)).isEmpty();
    write(".admin.token0d9f.new", "tok");
    write("disks/vda.part", "half");
    write(".godwit-shared-0d9f", "");
    assertThat(Leftovers.marks(agent))
        .extracting(path -> agent.relativize(path).toString())
        .containsExactlyInAnyOrder(".admin.token0d9f.new", "disks/vda.part", ".godwit-shared-0d9f");
  }

  @Test
  void devices_are_found_by_their_names_in_what_ip_and_virsh_print() {
    assertThat(
            Leftovers.links(
                """
                2: vnet0: <BROADCAST,UP> mtu 1500 qdisc noop master br0 state UP\\    link/ether 2a:70
                5: x@vm0: <BROADCAST,M-DOWN> mtu 1500 qdisc noop state DOWN\\    link/ether 96:f2
                """))
        .containsExactlyInAnyOrder("vnet0", "x");
    assertThat(Leftovers.firstWords(" vnet0   clean-traffic\n vnet12  clean-traffic\n\n"))
        .containsExactlyInAnyOrder("vnet0", "vnet12");
    assertThat(Leftovers.links("")).isEmpty();
    assertThat(Leftovers.firstWords("")).isEmpty();
  }
}

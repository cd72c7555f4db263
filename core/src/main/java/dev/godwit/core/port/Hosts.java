package dev.godwit.core.port;

import dev.godwit.core.migration.Migration;
import dev.godwit.core.migration.Order;
import dev.godwit.core.migration.StepReply;
import dev.godwit.core.migration.plan.DepartureFacts;
import dev.godwit.core.migration.plan.DestinationFacts;
import dev.godwit.core.migration.plan.GuestFacts;
import dev.godwit.core.migration.plan.TransferPlan;
import dev.godwit.core.migration.transfer.HostView;
import dev.godwit.core.model.HostName;
import dev.godwit.core.model.InstanceId;
import dev.godwit.core.model.ProofId;
import java.util.List;

/**
 * The agents, as the conductor reaches them. Every call has a deadline of its own; silence is an
 * answer ({@link Answer.Silent}, {@link HostView.Unknown}, {@link StepReply.Unanswered}), never an
 * exception.
 */
public interface Hosts {
  /**
   * True when the machine shows within seconds that it is switched on, whether or not its agent or
   * its libvirt are well. Silence proves no death.
   *
   * @param agentTarget where the host's agent last said that it serves
   */
  boolean answers(HostName host, String agentTarget);

  /** Carries out one fenced order. */
  StepReply execute(Order order);

  /** Looks at the migration's guest on a host; raises the agent's epoch to the migration's. */
  HostView observe(HostName host, Migration migration);

  /** Describes a guest for the pre-checks. */
  Answer<GuestFacts> describe(HostName source, InstanceId instance);

  /**
   * Writes markers beside the guest's disks at the source, to be looked for by candidates; removed
   * by {@link #clearMarkers}.
   */
  Answer<List<String>> writeMarkers(HostName source, ProofId proof, GuestFacts guest);

  /** Removes the markers of {@link #writeMarkers}, no others; a repeat is a no-op. */
  Answer<List<String>> clearMarkers(HostName source, ProofId proof, GuestFacts guest);

  /** Describes a candidate for one guest; nothing is made or reserved there. */
  Answer<DestinationFacts> assess(
      HostName destination, ProofId proof, InstanceId instance, GuestFacts guest);

  /** Asks the source whether the guest can leave by this plan; nothing is made or changed. */
  Answer<DepartureFacts> depart(HostName source, InstanceId instance, TransferPlan plan);
}

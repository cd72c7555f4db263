package dev.godwit.cli;

import java.util.stream.Stream;

/** Canned documents, with ' for ". */
final class Documents {
  static final String VM1 = "11111111-1111-4111-8111-111111111111";
  static final String VM2 = "22222222-2222-4222-8222-222222222222";
  static final String MOVE = "77777777-7777-4777-8777-777777777777";

  static final String HOSTS =
      """
      {'hosts':[
       {'name':'h1','address':'10.0.0.1','up':true,'enabled':true,'disabled_reason':null,
        'hypervisor_type':'QEMU','hypervisor_version':7002022,'vcpus':4,'memory_mib':8000,
        'free_memory_mib':7000,'local_gib':50,'free_local_gib':40,'guests':[
         {'uuid':'%s','name':'vm1','ours':true},
         {'uuid':'99999999-9999-4999-8999-999999999999','name':'stray','ours':false}]},
       {'name':'a-long-name','address':'10.0.0.2','up':false,'enabled':false,
        'disabled_reason':'broken fan','hypervisor_type':'QEMU','hypervisor_version':7002022,
        'vcpus':4,'memory_mib':8000,'free_memory_mib':8000,'local_gib':50,'free_local_gib':50,
        'guests':[]}]}\
      """
          .formatted(VM1);

  static final String PLAN =
      """
      {'instance':'x','source':'h1','guest':[{'code':'alive','subject':'vm1','passed':true},
         {'code':'emulated-memory','subject':'vm1','passed':true,'warning':true,'expected':'KVM',
          'found':'QEMU 7.2.22','remedy':'Use KVM.'}],
       'hosts':[{'host':'h2','suitable':true,'hand_over':'strict',
         'disks':[{'target':'vda','path':'/x','mode':'copied'}],'checks':[]},
        {'host':'h3','suitable':false,'hand_over':null,'disks':[],'checks':[
         {'code':'host.disabled','subject':'h3','passed':false,'expected':'an enabled host',
          'found':'disabled','remedy':'godwit host enable h3'},
         {'code':'cpu','subject':'h3','passed':true}]}]}\
      """;

  private Documents() {}

  static String server(String id, String name, String status) {
    return """
    {'id':'%s','name':'%s','status':'%s','OS-EXT-SRV-ATTR:host':'h1',
     'OS-EXT-STS:task_state':null,'flavor':{'original_name':'lab.64','vcpus':1,'ram':64}}\
    """
        .formatted(id, name, status);
  }

  /** Hosts of which only the names matter. */
  static String hosts(String... names) {
    return "{'hosts':["
        + String.join(",", Stream.of(names).map(name -> "{'name':'" + name + "'}").toList())
        + "]}";
  }

  static String servers(String... servers) {
    return "{'servers':[" + String.join(",", servers) + "]}";
  }

  static String migration(String phase, String why) {
    boolean ended = phase.equals("COMPLETED") || phase.equals("FAILED");
    return """
    {'id':'%s','number':7,'instance':'%s','instance_name':'vm1','source':'h1','destination':'h2',\
    'phase':'%s','step':null,'status':'x','why':'%s','alarm':false,'hand_over':'strict',\
    'accepted_at':'2026-01-01T00:00:00.000000Z','ended_at':%s,\
    'wishes':{'abort':false,'force_complete':false},'disks':[],'refusals':%s,'sample':%s}\
    """
        .formatted(
            MOVE,
            VM1,
            phase,
            why,
            ended ? "'2026-01-01T00:00:02.300000Z'" : "null",
            phase.equals("FAILED")
                ? "[{'code':'disk.room','subject':'h2','expected':'64 MiB','found':'1 MiB',"
                    + "'remedy':'make room on h2'}]"
                : "[]",
            phase.equals("COMPLETED") || phase.equals("TRANSFERRING")
                ? sample(2, phase.equals("COMPLETED") ? "31" : "null")
                : "null");
  }

  static String migrations(String... migrations) {
    return "{'migrations':[" + String.join(",", migrations) + "]}";
  }

  static String sample(int iteration, String pauseMs) {
    return """
    {'post_copy':false,'elapsed_ms':900,'memory_total_bytes':134217728,\
    'memory_processed_bytes':67108864,'memory_remaining_bytes':67108864,\
    'disk_total_bytes':67108864,'disk_processed_bytes':67108864,'disk_remaining_bytes':0,\
    'disk_bps':0,'disks':{'vda':{'total_bytes':67108864,'remaining_bytes':0}},'memory_bps':10485760,'dirty_pages_per_second':256,\
    'page_size_bytes':4096,'iteration':%d,'downtime_limit_ms':300,'downtime_ms':%s,\
    'eta_ms':6400}\
    """
        .formatted(iteration, pauseMs);
  }

  static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data.replace("\n", "") + "\n\n: heartbeat\n\n";
  }
}

package dev.godwit.libvirt;

import java.lang.foreign.MemorySegment;

/**
 * The functions of libvirt.so.0 that this binding uses, one method each, by libvirt's own name and
 * in its own order of arguments. A pointer is a MemorySegment, {@code int}, {@code unsigned int}
 * and flags are int, {@code long}, {@code unsigned long} and {@code unsigned long long} are long.
 * {@link Native} makes the calls from these signatures; what a result means is in libvirt's
 * reference.
 */
interface LibvirtC {
  int virInitialize();

  int virGetVersion(MemorySegment libVersion, MemorySegment type, MemorySegment typeVersion);

  void virSetErrorFunc(MemorySegment userData, MemorySegment handler);

  MemorySegment virGetLastError();

  int virEventRegisterDefaultImpl();

  int virEventRunDefaultImpl();

  MemorySegment virConnectOpen(MemorySegment uri);

  int virConnectClose(MemorySegment connection);

  int virConnectIsAlive(MemorySegment connection);

  int virConnectSetKeepAlive(MemorySegment connection, int intervalSeconds, int count);

  int virConnectRegisterCloseCallback(
      MemorySegment connection, MemorySegment callback, MemorySegment opaque, MemorySegment free);

  int virConnectUnregisterCloseCallback(MemorySegment connection, MemorySegment callback);

  int virConnectDomainEventRegisterAny(
      MemorySegment connection,
      MemorySegment domain,
      int eventId,
      MemorySegment callback,
      MemorySegment opaque,
      MemorySegment free);

  int virConnectDomainEventDeregisterAny(MemorySegment connection, int callbackId);

  MemorySegment virConnectGetType(MemorySegment connection);

  int virConnectGetVersion(MemorySegment connection, MemorySegment version);

  int virConnectGetLibVersion(MemorySegment connection, MemorySegment version);

  MemorySegment virConnectGetHostname(MemorySegment connection);

  MemorySegment virConnectGetCapabilities(MemorySegment connection);

  MemorySegment virConnectGetDomainCapabilities(
      MemorySegment connection,
      MemorySegment emulator,
      MemorySegment arch,
      MemorySegment machine,
      MemorySegment virtType,
      int flags);

  int virNodeGetInfo(MemorySegment connection, MemorySegment info);

  long virNodeGetFreeMemory(MemorySegment connection);

  int virConnectCompareCPU(MemorySegment connection, MemorySegment xml, int flags);

  int virConnectCompareHypervisorCPU(
      MemorySegment connection,
      MemorySegment emulator,
      MemorySegment arch,
      MemorySegment machine,
      MemorySegment virtType,
      MemorySegment xml,
      int flags);

  int virConnectListAllDomains(MemorySegment connection, MemorySegment domains, int flags);

  MemorySegment virDomainLookupByUUIDString(MemorySegment connection, MemorySegment uuid);

  MemorySegment virDomainLookupByName(MemorySegment connection, MemorySegment name);

  MemorySegment virDomainDefineXMLFlags(MemorySegment connection, MemorySegment xml, int flags);

  MemorySegment virDomainCreateXML(MemorySegment connection, MemorySegment xml, int flags);

  int virDomainFree(MemorySegment domain);

  int virDomainGetUUIDString(MemorySegment domain, MemorySegment buffer);

  MemorySegment virDomainGetName(MemorySegment domain);

  int virDomainGetID(MemorySegment domain);

  int virDomainGetState(MemorySegment domain, MemorySegment state, MemorySegment reason, int flags);

  int virDomainIsActive(MemorySegment domain);

  int virDomainIsPersistent(MemorySegment domain);

  int virDomainGetAutostart(MemorySegment domain, MemorySegment autostart);

  int virDomainSetAutostart(MemorySegment domain, int autostart);

  MemorySegment virDomainGetXMLDesc(MemorySegment domain, int flags);

  int virDomainCreateWithFlags(MemorySegment domain, int flags);

  int virDomainSuspend(MemorySegment domain);

  int virDomainResume(MemorySegment domain);

  int virDomainShutdownFlags(MemorySegment domain, int flags);

  int virDomainReboot(MemorySegment domain, int flags);

  int virDomainReset(MemorySegment domain, int flags);

  int virDomainDestroyFlags(MemorySegment domain, int flags);

  int virDomainUndefineFlags(MemorySegment domain, int flags);

  int virDomainHasManagedSaveImage(MemorySegment domain, int flags);

  int virDomainSnapshotNum(MemorySegment domain, int flags);

  int virDomainSetMetadata(
      MemorySegment domain,
      int type,
      MemorySegment metadata,
      MemorySegment key,
      MemorySegment uri,
      int flags);

  MemorySegment virDomainGetMetadata(MemorySegment domain, int type, MemorySegment uri, int flags);

  int virDomainListGetStats(MemorySegment domains, int stats, MemorySegment records, int flags);

  void virDomainStatsRecordListFree(MemorySegment records);

  int virDomainGetBlockInfo(
      MemorySegment domain, MemorySegment disk, MemorySegment info, int flags);

  int virDomainGetBlockJobInfo(
      MemorySegment domain, MemorySegment disk, MemorySegment info, int flags);

  int virDomainStartDirtyRateCalc(MemorySegment domain, int seconds, int flags);

  int virDomainMigrateToURI3(
      MemorySegment domain,
      MemorySegment destination,
      MemorySegment parameters,
      int count,
      int flags);

  int virDomainGetJobInfo(MemorySegment domain, MemorySegment info);

  int virDomainGetJobStats(
      MemorySegment domain,
      MemorySegment type,
      MemorySegment parameters,
      MemorySegment count,
      int flags);

  int virDomainAbortJob(MemorySegment domain);

  int virDomainAbortJobFlags(MemorySegment domain, int flags);

  int virDomainMigrateStartPostCopy(MemorySegment domain, int flags);

  int virDomainMigrateSetMaxDowntime(MemorySegment domain, long milliseconds, int flags);

  int virDomainMigrateGetMaxDowntime(MemorySegment domain, MemorySegment milliseconds, int flags);

  int virDomainMigrateSetMaxSpeed(MemorySegment domain, long mibPerSecond, int flags);

  int virDomainMigrateGetMaxSpeed(MemorySegment domain, MemorySegment mibPerSecond, int flags);

  int virTypedParamsAddString(
      MemorySegment parameters,
      MemorySegment count,
      MemorySegment room,
      MemorySegment name,
      MemorySegment value);

  int virTypedParamsAddULLong(
      MemorySegment parameters,
      MemorySegment count,
      MemorySegment room,
      MemorySegment name,
      long value);

  int virTypedParamsAddInt(
      MemorySegment parameters,
      MemorySegment count,
      MemorySegment room,
      MemorySegment name,
      int value);

  int virTypedParamsGetInt(
      MemorySegment parameters, int count, MemorySegment name, MemorySegment value);

  int virTypedParamsGetUInt(
      MemorySegment parameters, int count, MemorySegment name, MemorySegment value);

  int virTypedParamsGetLLong(
      MemorySegment parameters, int count, MemorySegment name, MemorySegment value);

  int virTypedParamsGetULLong(
      MemorySegment parameters, int count, MemorySegment name, MemorySegment value);

  int virTypedParamsGetDouble(
      MemorySegment parameters, int count, MemorySegment name, MemorySegment value);

  int virTypedParamsGetBoolean(
      MemorySegment parameters, int count, MemorySegment name, MemorySegment value);

  int virTypedParamsGetString(
      MemorySegment parameters, int count, MemorySegment name, MemorySegment value);

  void virTypedParamsFree(MemorySegment parameters, int count);
}

/* The lab's guest: one static program that proves that it never stopped and lost nothing.
 *
 * Kernel command line:  lab.disk=N   records a second on every disk (default 5)
 *                       lab.after=M  MiB at the start of every disk that are left alone (default 0)
 *                       lab.dirty=M  MiB written over and over;  lab.rate=R  pages a second
 * UDP 7     echoes what it gets.
 * TCP 7000  sends "COUNTER UPTIME_NS vda=RECORD…\n" every 10 ms; one counter for all, so a jump or a reset shows:
 *           UPTIME_NS is when it was counted, and no two counts are closer than 10 ms. RECORD is the newest that the
 *           disk has acknowledged: it has to be there whatever becomes of the guest.
 * TCP 7001  one command a line:  stat | records | dirty MIB PAGES_PER_SECOND
 *
 * A record is one 4 KiB block: magic, sequence, uptime, zeros, CRC-32. Blocks are written round-robin
 * past every cache (O_DIRECT, O_DSYNC), and read back the same way: what is verified is the disk. "found" is the
 * newest record that was there when this program began: those after it are of this run. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 4096
#define MAX_DISKS 8
#define MAX_SLOTS 4096
static const uint64_t MAGIC = 0x474f445749543031ull;

struct record {
  uint64_t magic, sequence, uptime_ns;
  uint8_t zeros[BLOCK - 28];
  uint32_t crc;
} __attribute__((packed));

struct disk {
  char name[8];
  int fd;
  off_t start;
  uint64_t slots;
  volatile uint64_t sequence;
  uint64_t found;
  int known; /* the newest record on the disk is: sequence */
  volatile int failing;
  pthread_mutex_t lock;
};

static struct disk disks[MAX_DISKS];
static int disk_count;
static volatile uint64_t pages_written;
static uint64_t counter, counted_at_ns; /* both under count_lock: no count without its moment */
static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static volatile long dirty_mib, dirty_rate;
static char command_line[4096];
static uint32_t crc_table[256];

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void pause_us(long us) {
  struct timespec t = {us / 1000000, (us % 1000000) * 1000};
  nanosleep(&t, NULL);
}

static long option(const char *key, long otherwise) {
  char *at = strstr(command_line, key);
  return at ? atol(at + strlen(key)) : otherwise;
}

static uint32_t crc32_of(const void *data, size_t length) {
  const uint8_t *byte = data;
  uint32_t crc = ~0u;
  for (size_t i = 0; i < length; i++) crc = crc_table[(crc ^ byte[i]) & 255] ^ (crc >> 8);
  return ~crc;
}

static void make_crc_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
    crc_table[i] = c;
  }
}

static int good(const struct record *r) {
  return r->magic == MAGIC && r->crc == crc32_of(r, BLOCK - 4);
}

static off_t at(const struct disk *d, uint64_t slot) {
  return d->start + (off_t)(slot * BLOCK);
}

/* Nobody wrote yet what comes after the newest record, until the slots are used the second time. */
static uint64_t slots_in_use(const struct disk *d) {
  return d->known && d->sequence < d->slots ? d->sequence + 1 : d->slots;
}

/* Reads the slots; tells the highest sequence and how many of the window below it are not there. */
static void verify(struct disk *d, uint64_t *first, uint64_t *last, uint64_t *missing) {
  struct record *r = aligned_alloc(BLOCK, BLOCK);
  static uint64_t seen[MAX_SLOTS];
  memset(seen, 0, sizeof seen);
  *last = 0;
  for (uint64_t slot = 0, end = slots_in_use(d); slot < end; slot++) {
    if (pread(d->fd, r, BLOCK, at(d, slot)) == BLOCK && good(r) && r->sequence % d->slots == slot) {
      seen[slot] = r->sequence;
      if (r->sequence > *last) *last = r->sequence;
    }
  }
  *first = *last > d->slots ? *last - d->slots + 1 : 1;
  *missing = 0;
  for (uint64_t s = *first; s <= *last; s++)
    if (seen[s % d->slots] != s) (*missing)++;
  free(r);
}

static void *record_disk(void *argument) {
  struct disk *d = argument;
  struct record *r = aligned_alloc(BLOCK, BLOCK);
  long per_second = option("lab.disk=", 5);
  if (per_second < 1) return NULL;
  for (;;) {
    memset(r, 0, BLOCK);
    r->magic = MAGIC;
    r->sequence = d->sequence + 1;
    r->uptime_ns = now_ns();
    r->crc = crc32_of(r, BLOCK - 4);
    pthread_mutex_lock(&d->lock);
    int ok = pwrite(d->fd, r, BLOCK, at(d, r->sequence % d->slots)) == BLOCK;
    if (ok) d->sequence = r->sequence;
    d->failing = !ok;
    pthread_mutex_unlock(&d->lock);
    pause_us(1000000 / per_second);
  }
}

static void open_disks(void) {
  for (char letter = 'a'; letter < 'a' + MAX_DISKS; letter++) {
    struct disk *d = &disks[disk_count];
    char path[16];
    snprintf(d->name, sizeof d->name, "vd%c", letter);
    snprintf(path, sizeof path, "/dev/%s", d->name);
    d->fd = open(path, O_RDWR | O_DIRECT | O_DSYNC);
    if (d->fd < 0) continue;
    d->start = (off_t)option("lab.after=", 0) << 20;
    off_t room = lseek(d->fd, 0, SEEK_END) - d->start;
    if (room < BLOCK) {
      close(d->fd);
      continue;
    }
    d->slots = (uint64_t)room / BLOCK;
    if (d->slots > MAX_SLOTS) d->slots = MAX_SLOTS;
    pthread_mutex_init(&d->lock, NULL);
    uint64_t first, last, missing;
    verify(d, &first, &last, &missing);
    d->sequence = d->found = last;
    d->known = 1;
    disk_count++;
  }
}

static void *dirty_memory(void *unused) {
  (void)unused;
  uint8_t *area = NULL;
  long have = 0;
  uint64_t page = 0;
  for (;;) {
    long want = dirty_mib, rate = dirty_rate;
    if (want != have) {
      if (area) munmap(area, (size_t)have << 20);
      area = NULL;
      have = 0;
      if (want > 0) {
        area = mmap(0, (size_t)want << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (area == MAP_FAILED) { area = NULL; dirty_mib = 0; continue; }
        have = want;
        uint64_t x = 88172645463325252ull;
        for (size_t i = 0; i < (size_t)have << 20; i += 8) {
          x ^= x << 13; x ^= x >> 7; x ^= x << 17;
          *(uint64_t *)(area + i) = x;
        }
      }
    }
    if (!area || rate <= 0) { pause_us(20000); continue; }
    uint64_t began = now_ns(), count = (uint64_t)have * 256;
    for (long i = 0; i < (rate + 99) / 100; i++) {
      *(volatile uint64_t *)(area + (page % count) * BLOCK) += 0x9e3779b97f4a7c15ull;
      page++;
      pages_written++;
    }
    int64_t left = 10000000 - (int64_t)(now_ns() - began);
    if (left > 0) pause_us(left / 1000);
  }
  return NULL;
}

static void *count_up(void *unused) {
  (void)unused;
  for (;;) {
    pthread_mutex_lock(&count_lock);
    counter++;
    counted_at_ns = now_ns();
    pthread_mutex_unlock(&count_lock);
    pause_us(10000);
  }
  return NULL;
}

static void *follow_counter(void *argument) {
  int fd = (int)(intptr_t)argument, one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  uint64_t sent = 0;
  char line[64 + MAX_DISKS * 32];
  for (;;) {
    pthread_mutex_lock(&count_lock);
    uint64_t c = counter, at = counted_at_ns;
    pthread_mutex_unlock(&count_lock);
    if (c != sent) {
      int n = snprintf(line, sizeof line, "%llu %llu", (unsigned long long)c, (unsigned long long)at);
      for (int i = 0; i < disk_count; i++)
        n += snprintf(line + n, sizeof line - (size_t)n, " %s=%llu", disks[i].name, (unsigned long long)disks[i].sequence);
      n += snprintf(line + n, sizeof line - (size_t)n, "\n");
      if (send(fd, line, (size_t)n, MSG_NOSIGNAL) != n) break;
      sent = c;
    }
    pause_us(5000);
  }
  close(fd);
  return NULL;
}

static void answer(FILE *out, char *line) {
  long mib, rate;
  if (sscanf(line, "dirty %ld %ld", &mib, &rate) == 2) {
    dirty_rate = rate;
    dirty_mib = rate > 0 ? mib : 0;
    fprintf(out, "{\"dirty_mib\":%ld,\"pages_per_second\":%ld}\n", dirty_mib, rate);
  } else if (!strncmp(line, "records", 7)) {
    fprintf(out, "{\"disks\":[");
    for (int i = 0; i < disk_count; i++) {
      uint64_t first, last, missing;
      pthread_mutex_lock(&disks[i].lock);
      verify(&disks[i], &first, &last, &missing);
      int failing = disks[i].failing;
      pthread_mutex_unlock(&disks[i].lock);
      fprintf(out, "%s{\"disk\":\"%s\",\"found\":%llu,\"first\":%llu,\"last\":%llu,\"missing\":%llu,\"failing\":%s}",
              i ? "," : "", disks[i].name, (unsigned long long)disks[i].found, (unsigned long long)first,
              (unsigned long long)last, (unsigned long long)missing, failing ? "true" : "false");
    }
    fprintf(out, "]}\n");
  } else if (!strncmp(line, "stat", 4)) {
    pthread_mutex_lock(&count_lock);
    uint64_t c = counter;
    pthread_mutex_unlock(&count_lock);
    fprintf(out, "{\"uptime_ns\":%llu,\"counter\":%llu,\"pages\":%llu}\n", (unsigned long long)now_ns(),
            (unsigned long long)c, (unsigned long long)pages_written);
  } else {
    fprintf(out, "{\"error\":\"expected stat, records or dirty MIB PAGES_PER_SECOND\"}\n");
  }
  fflush(out);
}

static void *take_commands(void *argument) {
  int fd = (int)(intptr_t)argument;
  FILE *in = fdopen(fd, "r"), *out = fdopen(dup(fd), "w");
  char line[256];
  while (in && out && fgets(line, sizeof line, in)) answer(out, line);
  if (out) fclose(out);
  if (in) fclose(in);
  return NULL;
}

struct service {
  int port;
  void *(*serve)(void *);
};

static void *listen_tcp(void *argument) {
  struct service *service = argument;
  int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)service->port)};
  if (bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 16)) {
    perror("listen");
    return NULL;
  }
  for (;;) {
    int client = accept(fd, NULL, NULL);
    pthread_t thread;
    if (client >= 0 && !pthread_create(&thread, NULL, service->serve, (void *)(intptr_t)client)) pthread_detach(thread);
  }
}

static void echo_udp(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(7)};
  if (bind(fd, (struct sockaddr *)&address, sizeof address)) perror("bind");
  for (;;) {
    char packet[1500];
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    ssize_t n = recvfrom(fd, packet, sizeof packet, 0, (struct sockaddr *)&peer, &length);
    if (n >= 0) sendto(fd, packet, (size_t)n, 0, (struct sockaddr *)&peer, length);
  }
}

int main(void) {
  int fd = open("/proc/cmdline", O_RDONLY);
  if (fd < 0 || read(fd, command_line, sizeof command_line - 1) < 0) return 1;
  close(fd);
  make_crc_table();
  open_disks();
  dirty_mib = option("lab.dirty=", 0);
  dirty_rate = option("lab.rate=", 1000);
  static struct service counting = {7000, follow_counter}, commands = {7001, take_commands};
  pthread_t thread;
  pthread_create(&thread, NULL, count_up, NULL);
  pthread_create(&thread, NULL, dirty_memory, NULL);
  pthread_create(&thread, NULL, listen_tcp, &counting);
  pthread_create(&thread, NULL, listen_tcp, &commands);
  for (int i = 0; i < disk_count; i++) pthread_create(&thread, NULL, record_disk, &disks[i]);
  printf("lab guest: ready at %.2f s with %d disks\n", (double)now_ns() / 1e9, disk_count);
  fflush(stdout);
  echo_udp();
  return 0;
}

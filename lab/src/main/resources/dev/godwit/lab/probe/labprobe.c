/* A neighbour of the lab's guests: watches one from outside, and asks it things.
 *
 * labprobe ask ADDRESS WORDS    one command to the guest's port 7001; prints its one line.
 * labprobe watch ADDRESS MS     sends an echo to UDP 7 each MS milliseconds and follows the counter of
 *                               TCP 7000 over one connection. Prints {"event":"ready"} when both were
 *                               heard; for each line on standard input a report of the time since the
 *                               last report; ends with its standard input.
 *
 * Echoes are stamped by the kernel as they come in, so a busy machine does not look like a silent guest;
 * "stall_ns" is the longest time in which this program itself did not get to send. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define RING 65536 /* five minutes of echoes at 5 ms */
#define GRACE_NS 500000000ll
#define TICK_NS 10000000ull
#define CLOCK_TICKS 5

struct echo {
  uint64_t sequence;
  int64_t sent_ns;
};

static int64_t sent_at[RING];
static uint8_t answered[RING];
static uint64_t next_sequence = 1, window_first = 1;
static uint64_t lost_before; /* of this window, already given up because the ring came round */
static uint64_t answers;
static int64_t last_answer, gap, gap_from, gap_to, last_tick, stall;
static int follower = -1, following, follower_ended;
static uint64_t counter_first, counter_last, uptime_last, counter_lines, jumps, resets;
static int64_t last_line, silence;
static char first_break[160];
static struct {
  char name[16];
  uint64_t newest; /* the highest record that the guest said its disk has acknowledged, since the last report */
} synced[8];
static char pending[4096];
static size_t pending_length;
static int64_t report_at;   /* when the asked-for report is due; 0 when none is */
static uint64_t report_end; /* echoes before this one belong to it */
static int64_t report_now;  /* when it was asked for */

static int64_t clock_ns(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (int64_t)t.tv_sec * 1000000000ll + t.tv_nsec;
}

static int64_t now_ns(void) { return clock_ns(CLOCK_REALTIME); }

static struct sockaddr_in at(const char *address, int port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  if (inet_pton(AF_INET, address, &to.sin_addr) != 1) {
    fprintf(stderr, "labprobe: expected an IPv4 address, found %s\n", address);
    exit(2);
  }
  return to;
}

/* --- ask ------------------------------------------------------------------------------------- */

static int ask(const char *address, const char *words) {
  struct sockaddr_in to = at(address, 7001);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct timeval patience = {.tv_sec = 15};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) || dprintf(fd, "%s\n", words) < 0) {
    /* that is how a connect which ran out of its time is told */
    const char *why = errno == EINPROGRESS ? "no connection within 15 s" : strerror(errno);
    fprintf(stderr, "labprobe: %s: %s\n", address, why);
    return 1;
  }
  char c;
  size_t length = 0;
  while (length < 65536 && read(fd, &c, 1) == 1) {
    putchar(c);
    length++;
    if (c == '\n') return fflush(stdout) ? 1 : 0;
  }
  fprintf(stderr, "labprobe: %s did not answer '%s' within 15 s\n", address, words);
  return 1;
}

/* --- watch: echoes --------------------------------------------------------------------------- */

static void note_gap(int64_t from, int64_t to) {
  if (from && to - from > gap) {
    gap = to - from;
    gap_from = from;
    gap_to = to;
  }
}

static void send_echo(int fd) {
  int64_t now = now_ns();
  if (last_tick && now - last_tick > stall) stall = now - last_tick;
  last_tick = now;
  uint64_t slot = next_sequence % RING;
  if (next_sequence >= window_first + RING && !answered[slot]) lost_before++;
  struct echo echo = {next_sequence, now};
  sent_at[slot] = now;
  answered[slot] = 0;
  next_sequence++;
  /* A guest that is not there yet, or for the moment nowhere, is what this is about: no error ends it. */
  if (send(fd, &echo, sizeof echo, MSG_DONTWAIT) < 0) return;
}

static void take_echoes(int fd) {
  for (;;) {
    struct echo echo;
    char control[256];
    struct iovec part = {&echo, sizeof echo};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT);
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) continue; /* an ICMP error, told once */
    if (n < 0) return;
    if (n != sizeof echo || echo.sequence >= next_sequence || echo.sequence + RING <= next_sequence) continue;
    int64_t when = now_ns();
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
      if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec t;
        memcpy(&t, CMSG_DATA(c), sizeof t);
        when = (int64_t)t.tv_sec * 1000000000ll + t.tv_nsec;
      }
    answered[echo.sequence % RING] = 1;
    answers++;
    note_gap(last_answer, when);
    if (when > last_answer) last_answer = when;
  }
}

/* --- watch: the counter ------------------------------------------------------------------------ */

static void note_break(uint64_t *kind, uint64_t count, uint64_t uptime) {
  if (!*kind && !first_break[0])
    snprintf(first_break, sizeof first_break, "%" PRIu64 " at %" PRIu64 " ns, then %" PRIu64 " at %" PRIu64 " ns",
             counter_last, uptime_last, count, uptime);
  (*kind)++;
}

static void take_synced(const char *words) {
  char name[16];
  uint64_t newest;
  int length;
  for (; sscanf(words, " %15[^= ]=%" SCNu64 "%n", name, &newest, &length) == 2; words += length)
    for (size_t i = 0; i < sizeof synced / sizeof *synced; i++)
      if (!synced[i].name[0] || !strcmp(synced[i].name, name)) {
        strcpy(synced[i].name, name);
        if (newest > synced[i].newest) synced[i].newest = newest;
        break;
      }
}

static void take_line(const char *line) {
  uint64_t count, uptime;
  int length;
  if (sscanf(line, "%" SCNu64 " %" SCNu64 "%n", &count, &uptime, &length) != 2) {
    note_break(&resets, 0, 0);
    return;
  }
  take_synced(line + length);
  int64_t now = now_ns();
  if (counter_last) {
    /* It may not stand or go back, nor may the guest's own clock go back, nor may the counter go on faster than that
       clock: then something was lost or doubled. The clock itself may stand for some ticks as its guest arrives. */
    if (count <= counter_last || uptime < uptime_last) note_break(&resets, count, uptime);
    else if (count - counter_last > (uptime - uptime_last) / TICK_NS + CLOCK_TICKS) note_break(&jumps, count, uptime);
    if (now - last_line > silence) silence = now - last_line;
  }
  if (!counter_first) counter_first = count;
  counter_last = count;
  uptime_last = uptime;
  last_line = now;
  counter_lines++;
}

static void take_lines(void) {
  ssize_t n = read(follower, pending + pending_length, sizeof pending - 1 - pending_length);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) {
    close(follower);
    follower = -1;
    if (following) follower_ended = 1; /* never connected again: that it stays is what is proved */
    return;
  }
  following = 1;
  pending_length += (size_t)n;
  pending[pending_length] = 0;
  char *line = pending, *end;
  while ((end = strchr(line, '\n'))) {
    *end = 0;
    take_line(line);
    line = end + 1;
  }
  pending_length = strlen(line);
  memmove(pending, line, pending_length + 1);
}

static void connect_follower(const char *address) {
  struct sockaddr_in to = at(address, 7000);
  int one = 1;
  follower = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  setsockopt(follower, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect(follower, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) {
    close(follower);
    follower = -1;
  }
}

/* --- watch: reports ---------------------------------------------------------------------------- */

static uint64_t unanswered(void) {
  uint64_t first = window_first, count = 0;
  if (report_end > first + RING) first = report_end - RING;
  for (uint64_t s = first; s < report_end; s++) count += !answered[s % RING];
  return count;
}

static void report(void) {
  /* A silence that goes on counts as far as it got. */
  note_gap(last_answer, report_now);
  if (last_line && report_now - last_line > silence) silence = report_now - last_line;
  printf("{\"event\":\"report\",\"sent\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"gap_ns\":%" PRId64
         ",\"gap_from_unix_ns\":%" PRId64 ",\"gap_to_unix_ns\":%" PRId64 ",\"stall_ns\":%" PRId64
         ",\"counter\":{\"connected\":%s,\"lines\":%" PRIu64 ",\"first\":%" PRIu64 ",\"last\":%" PRIu64
         ",\"jumps\":%" PRIu64 ",\"resets\":%" PRIu64 ",\"silence_ns\":%" PRId64 ",\"first_break\":\"%s\"},\"synced\":{",
         report_end - window_first, unanswered() + lost_before, gap, gap_from, gap_to, stall,
         following && !follower_ended ? "true" : "false", counter_lines, counter_first, counter_last, jumps, resets, silence, first_break);
  for (size_t i = 0; i < sizeof synced / sizeof *synced && synced[i].name[0]; i++)
    printf("%s\"%s\":%" PRIu64, i ? "," : "", synced[i].name, synced[i].newest);
  printf("}}\n");
  fflush(stdout);
  memset(synced, 0, sizeof synced);
  window_first = report_end;
  lost_before = counter_lines = counter_first = jumps = resets = 0;
  first_break[0] = 0;
  gap = gap_from = gap_to = stall = silence = report_at = 0;
}

/* The echoes on their way get their time; then what did not come back is lost. */
static void report_if_due(void) {
  if (report_at && (now_ns() >= report_at || unanswered() == 0)) report();
}

static int watch(const char *address, long interval_ms) {
  struct sockaddr_in to = at(address, 7);
  int one = 1, ready = 0, udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  setsockopt(udp, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
  if (connect(udp, (struct sockaddr *)&to, sizeof to)) return perror("connect"), 1;
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  struct itimerspec each = {{0, interval_ms * 1000000}, {0, 1}};
  timerfd_settime(timer, 0, &each, NULL);
  int64_t tried = 0;
  for (;;) {
    int64_t now = now_ns();
    if (follower < 0 && !follower_ended && now - tried > 200000000ll) {
      tried = now;
      connect_follower(address);
    }
    struct pollfd events[] = {{STDIN_FILENO, POLLIN, 0}, {timer, POLLIN, 0}, {udp, POLLIN, 0}, {follower, POLLIN, 0}};
    if (poll(events, 4, 1000) < 0 && errno != EINTR) return perror("poll"), 1;
    if (events[2].revents) take_echoes(udp);
    if (follower >= 0 && events[3].revents) take_lines();
    if (events[1].revents) {
      uint64_t expirations;
      if (read(timer, &expirations, sizeof expirations) == sizeof expirations) send_echo(udp);
    }
    if (events[0].revents) {
      char asked[256];
      if (read(STDIN_FILENO, asked, sizeof asked) <= 0) return 0;
      report_now = now_ns();
      report_end = next_sequence;
      report_at = report_now + GRACE_NS;
    }
    if (!ready && answers && counter_lines) {
      ready = 1;
      printf("{\"event\":\"ready\"}\n");
      fflush(stdout);
    }
    report_if_due();
  }
}

int main(int count, char **words) {
  if (count == 4 && !strcmp(words[1], "ask")) return ask(words[2], words[3]);
  if (count == 4 && !strcmp(words[1], "watch") && atol(words[3]) > 0 && atol(words[3]) < 1000) {
    /* It needs little, but at once; where that is not permitted it is as good as the machine is quiet. */
    struct sched_param first = {.sched_priority = 1};
    if (sched_setscheduler(0, SCHED_FIFO, &first) && nice(-15) == -1) errno = 0;
    return watch(words[2], atol(words[3]));
  }
  fprintf(stderr, "usage: labprobe ask ADDRESS 'WORDS' | labprobe watch ADDRESS MILLISECONDS\n");
  return 2;
}

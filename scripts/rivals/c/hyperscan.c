// Runs Hyperscan's literal search by the protocol of scripts/rivals.
#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char **lines(const char *name, size_t *count, size_t **lengths) {
  FILE *f = fopen(name, "rb");
  char **out = NULL, *line = NULL;
  size_t room = 0, n = 0, cap = 0;
  ssize_t got;
  *lengths = NULL;
  while (f && (got = getline(&line, &room, f)) > 0) {
    if (line[got - 1] == '\n') line[--got] = 0;
    if (n == cap) {
      cap = cap ? 2 * cap : 1024;
      out = realloc(out, cap * sizeof *out);
      *lengths = realloc(*lengths, cap * sizeof **lengths);
    }
    out[n] = strdup(line);
    (*lengths)[n++] = got;
  }
  *count = n;
  return out;
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *count) {
  (void)id, (void)from, (void)to, (void)flags;
  ++*(long *)count;
  return 0;
}

int main(int argc, char **argv) {
  (void)argc;
  size_t phrases, texts, *plen, *tlen;
  char **p = lines(argv[1], &phrases, &plen), **t = lines(argv[2], &texts, &tlen);
  unsigned *ids = calloc(phrases, sizeof *ids), *flags = calloc(phrases, sizeof *flags);
  for (size_t i = 0; i < phrases; i++) ids[i] = i;
  long long begun = now();
  hs_database_t *db;
  hs_compile_error_t *err;
  if (hs_compile_lit_multi((const char *const *)p, flags, ids, plen, phrases, HS_MODE_BLOCK, NULL, &db, &err) != HS_SUCCESS) {
    fprintf(stderr, "hyperscan: %s\n", err->message);
    return 1;
  }
  hs_scratch_t *scratch = NULL;
  hs_alloc_scratch(db, &scratch);
  printf("ready %lld\n", (now() - begun) / 1000000);
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    long count = 0;
    begun = now();
    for (size_t i = 0; i < texts; i++) hs_scan(db, t[i], tlen[i], 0, scratch, hit, &count);
    printf("%lld %ld\n", now() - begun, count);
    fflush(stdout);
  }
  return 0;
}

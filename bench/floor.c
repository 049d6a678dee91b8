/* Floor for checking a whole log: SHA-256 over leaves and nodes with libcrypto, one thread, nothing else.
 *
 * usage: floor FILE ENTRY_BYTES     (FILE holds entries of that length, one after the other)
 * prints: root in hex, wall nanoseconds, processor nanoseconds. Reading the file is not timed.
 * build:  cc -O2 floor.c -lcrypto -o floor
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HASH = 32 };

static long long nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void hash(EVP_MD_CTX *ctx, const EVP_MD *sha256, unsigned char mark, const unsigned char *data, size_t length,
                 unsigned char *out) {
    if (!EVP_DigestInit_ex(ctx, sha256, NULL) || !EVP_DigestUpdate(ctx, &mark, 1) ||
        !EVP_DigestUpdate(ctx, data, length) || !EVP_DigestFinal_ex(ctx, out, NULL)) {
        fputs("libcrypto refused to hash\n", stderr);
        exit(1);
    }
}

static unsigned char *read_whole(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) {
        perror(path);
        exit(1);
    }
    *length = (size_t)ftell(file);
    rewind(file);
    unsigned char *data = malloc(*length ? *length : 1);
    if (!data || fread(data, 1, *length, file) != *length) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return data;
}

int main(int count, char **words) {
    size_t entry_bytes = count == 3 ? strtoul(words[2], NULL, 10) : 0;
    if (!entry_bytes) {
        fputs("usage: floor FILE ENTRY_BYTES\n", stderr);
        return 1;
    }
    size_t length;
    unsigned char *data = read_whole(words[1], &length);
    size_t width = length / entry_bytes;
    unsigned char *row = calloc(width + 1, HASH);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!width || !row || !ctx || !sha256) {
        fputs("nothing to hash with\n", stderr);
        return 1;
    }
    long long wall = nanoseconds(CLOCK_MONOTONIC), cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < width; i++) hash(ctx, sha256, 0, data + i * entry_bytes, entry_bytes, row + i * HASH);
    while (width > 1) {
        size_t pairs = width / 2;
        for (size_t i = 0; i < pairs; i++) hash(ctx, sha256, 1, row + 2 * i * HASH, 2 * HASH, row + i * HASH);
        if (width & 1) memmove(row + pairs * HASH, row + (width - 1) * HASH, HASH);
        width = pairs + (width & 1);
    }
    wall = nanoseconds(CLOCK_MONOTONIC) - wall;
    cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    for (int i = 0; i < HASH; i++) printf("%02x", row[i]);
    printf(" %lld %lld\n", wall, cpu);
    return 0;
}

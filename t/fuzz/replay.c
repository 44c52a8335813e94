
/*
 * Runs a fuzz target over given files, and over all files in given folders,
 * once each: so that a compiler without libFuzzer, and every test run, go over
 * what fuzzing has found.  Fails when there was no file at all, for then it
 * has shown nothing.
 */

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define REPLAY_PATH_MAX  4096


int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_path(const char *path, unsigned *count);
static int replay_folder(const char *path, unsigned *count);
static int replay_file(const char *path, size_t size, unsigned *count);


int
main(int argc, char **argv)
{
    int       i;
    unsigned  count;

    for (i = 1, count = 0; i < argc; i++) {

        if (argv[i][0] == '-') {
            continue;                   /* an option meant for libFuzzer */
        }

        if (replay_path(argv[i], &count) != 0) {
            return 1;
        }
    }

    printf("%s: %u inputs\n", argv[0], count);

    if (count == 0) {
        fprintf(stderr, "%s: no input was found\n", argv[0]);
        return 1;
    }

    return 0;
}


static int
replay_path(const char *path, unsigned *count)
{
    struct stat  st;

    if (stat(path, &st) != 0) {
        perror(path);
        return -1;
    }

    if (S_ISDIR(st.st_mode)) {
        return replay_folder(path, count);
    }

    return replay_file(path, (size_t) st.st_size, count);
}


static int
replay_folder(const char *path, unsigned *count)
{
    int             n, rc;
    DIR            *dir;
    char            name[REPLAY_PATH_MAX];
    struct dirent  *entry;

    dir = opendir(path);
    if (dir == NULL) {
        perror(path);
        return -1;
    }

    rc = 0;

    while (rc == 0 && (entry = readdir(dir)) != NULL) {

        if (entry->d_name[0] == '.') {
            continue;
        }

        n = snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);

        if (n < 0 || (size_t) n >= sizeof(name)) {
            fprintf(stderr, "%s: a path is too long\n", path);
            rc = -1;
            break;
        }

        rc = replay_path(name, count);
    }

    closedir(dir);

    return rc;
}


static int
replay_file(const char *path, size_t size, unsigned *count)
{
    FILE     *file;
    size_t    n;
    uint8_t  *data;

    file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return -1;
    }

    /* of the input's very size, so that a sanitizer sees a byte too far */

    data = malloc(size ? size : 1);
    if (data == NULL) {
        perror(path);
        fclose(file);
        return -1;
    }

    n = fread(data, 1, size, file);
    fclose(file);

    if (n != size) {
        fprintf(stderr, "%s: cannot be read whole\n", path);
        free(data);
        return -1;
    }

    (void) LLVMFuzzerTestOneInput(data, size);

    free(data);
    (*count)++;

    return 0;
}

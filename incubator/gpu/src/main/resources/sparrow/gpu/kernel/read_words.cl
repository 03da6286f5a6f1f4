// Reads all 16-byte pieces. Neighbouring items read neighbouring pieces, and each item has four reads in progress. The
// output, one word per item, prevents the compiler from removing the reads.
KERNEL void NAME(GLOBAL const uint4 *words, int pieces, GLOBAL uint *sums) {
    const int item = GROUP(0) * ITEMS + ITEM();
    const long step = (long) GROUPS(0) * ITEMS;
    uint sum = 0;
    long i = item;
    for (; i + 3 * step < pieces; i += 4 * step) {
        uint4 some[4];
        UNROLL
        for (int j = 0; j < 4; j++) some[j] = words[i + j * step];
        UNROLL
        for (int j = 0; j < 4; j++) sum ^= some[j].x ^ some[j].y ^ some[j].z ^ some[j].w;
    }
    for (; i < pieces; i += step) sum ^= words[i].x ^ words[i].y ^ words[i].z ^ words[i].w;
    sums[item] = sum;
}

// Reads all pieces of 16 bytes, neighbours by neighbouring items, four of an item under way at once. The output, a word
// for each item, keeps the compiler from leaving the reading out.
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

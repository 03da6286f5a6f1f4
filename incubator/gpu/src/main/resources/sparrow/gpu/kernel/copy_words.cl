// Copies the first pieces of 16 bytes to those behind them.
KERNEL void NAME(GLOBAL uint4 *words, int pieces) {
    const long step = (long) GROUPS(0) * ITEMS;
    for (long i = (long) GROUP(0) * ITEMS + ITEM(); i < pieces; i += step) words[pieces + i] = words[i];
}

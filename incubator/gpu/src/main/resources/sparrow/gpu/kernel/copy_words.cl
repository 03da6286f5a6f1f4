// Copies the first half of the 16-byte pieces to the second half.
KERNEL void NAME(GLOBAL uint4 *words, int pieces) {
    const long step = (long) GROUPS(0) * ITEMS;
    for (long i = (long) GROUP(0) * ITEMS + ITEM(); i < pieces; i += step) words[pieces + i] = words[i];
}

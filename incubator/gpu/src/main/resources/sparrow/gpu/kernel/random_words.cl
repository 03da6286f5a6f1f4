// words[i] = base, with random bits at the ones of mask: a hash of seed and i.
KERNEL void NAME(GLOBAL uint *words, int count, int mask, int base, int seed) {
    const long step = (long) GROUPS(0) * ITEMS;
    for (long i = (long) GROUP(0) * ITEMS + ITEM(); i < count; i += step) {
        uint hash = (uint) i * 0x9E3779B9u + (uint) seed;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        hash ^= hash >> 16;
        words[i] = (hash & (uint) mask) | (uint) base;
    }
}

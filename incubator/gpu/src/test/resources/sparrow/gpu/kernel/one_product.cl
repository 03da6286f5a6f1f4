// d += a * b for each warp of a work-group of 256 items, of what each item holds: four words of a, two of b, four numbers of d.
KERNEL void NAME(GLOBAL const uint *restrict of_a, GLOBAL const uint *restrict of_b, GLOBAL float *restrict of_d) {
    MMA_MEMORY
    uint a[4];
    uint b[2];
    float d[4];
    UNROLL
    for (int i = 0; i < 4; i++) {
        a[i] = of_a[4 * ITEM() + i];
        d[i] = of_d[4 * ITEM() + i];
    }
    UNROLL
    for (int i = 0; i < 2; i++) b[i] = of_b[2 * ITEM() + i];
    MMA_BF16(d, a, b)
    UNROLL
    for (int i = 0; i < 4; i++) of_d[4 * ITEM() + i] = d[i];
}

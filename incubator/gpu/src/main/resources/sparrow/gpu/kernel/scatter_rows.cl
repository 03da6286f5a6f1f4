// states[slot of r, c] = x[r, c]. One item per number. The table contains the slots, starting at an index.
KERNEL void NAME(
        GLOBAL const float *x,
        GLOBAL const int *table,
        GLOBAL float *states,
        int slots,
        int columns,
        int x_at,
        int x_pitch,
        int states_pitch) {
    const int c = GROUP(0) * ITEMS + ITEM();
    if (c >= columns) return;
    states[(long) table[slots + GROUP(1)] * states_pitch + c] = x[x_at + (long) GROUP(1) * x_pitch + c];
}

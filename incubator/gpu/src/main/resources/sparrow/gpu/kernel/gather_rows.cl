// x[r, c] = states[slot of r, c]. One item per number. The table contains the slots, starting at an index.
KERNEL void NAME(
        GLOBAL const float *states,
        GLOBAL const int *table,
        GLOBAL float *x,
        int slots,
        int columns,
        int states_pitch,
        int x_at,
        int x_pitch) {
    const int c = GROUP(0) * ITEMS + ITEM();
    if (c >= columns) return;
    x[x_at + (long) GROUP(1) * x_pitch + c] = states[(long) table[slots + GROUP(1)] * states_pitch + c];
}

// y[r, c] = gate[r, c] / (1 + e^-gate[r, c]) * up[r, c]. One item per number.
KERNEL void NAME(
        GLOBAL const float *gate,
        GLOBAL const float *up,
        GLOBAL float *y,
        int columns,
        int gate_at,
        int gate_pitch,
        int up_at,
        int up_pitch,
        int y_at,
        int y_pitch) {
    const int c = GROUP(0) * ITEMS + ITEM();
    if (c >= columns) return;
    const float g = gate[gate_at + (long) GROUP(1) * gate_pitch + c];
    y[y_at + (long) GROUP(1) * y_pitch + c] = g / (1.0f + exp(-g)) * up[up_at + (long) GROUP(1) * up_pitch + c];
}

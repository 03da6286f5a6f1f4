// gate[r, c] = gate[r, c] / (1 + e^-gate[r, c]) * up[r, c]. One item for each number.
KERNEL void NAME(
        GLOBAL float *gate,
        GLOBAL const float *up,
        int columns,
        int gate_offset,
        int gate_pitch,
        int up_offset,
        int up_pitch) {
    const int c = GROUP(0) * ITEMS + ITEM();
    if (c >= columns) return;
    GLOBAL float *at = gate + gate_offset + (long) GROUP(1) * gate_pitch + c;
    *at = *at / (1.0f + exp(-*at)) * up[up_offset + (long) GROUP(1) * up_pitch + c];
}

// matvec.cl for 4-bit weights and rows of x rounded in blocks: a piece of 16 bytes is a block of 32 numbers, low
// nibbles first. Products and sums within a block are whole numbers, and exact.
KERNEL TEAM_ATTRIBUTE void NAME(
        GLOBAL const uint4 *restrict w,
        GLOBAL const ushort *restrict scales,
        GLOBAL const uint4 *restrict x,
        GLOBAL const float2 *restrict factors,
        int first_row,
        int outputs,
        int blocks,
        GLOBAL const float *restrict bias,
        int bias_offset,
        GLOBAL float *restrict y,
        int y_offset,
        int y_pitch,
        int epilogue) {
    LANE_MEMORY(OUT * ROWS)
    const int first = (GROUP(0) * TEAMS + TEAM) * OUT;
    float sums[OUT * ROWS];
    UNROLL
    for (int i = 0; i < OUT * ROWS; i++) sums[i] = 0;
    for (int block = LANE; block < blocks; block += 32) {
        UNROLL
        for (int o = 0; o < OUT; o++) {
            // Beyond the last output, its row is read again, and the result is unused.
            const long at = (long) (first_row + min(first + o, outputs - 1)) * blocks + block;
            const uint4 nibbles = w[at];
            const float scale = HALF(scales, at);
            UNROLL
            for (int r = 0; r < ROWS; r++) {
                const int of_x = r * blocks + block;
                const float2 factor = factors[of_x];
                const int dot = dot_q4_0(nibbles, x[2 * of_x], x[2 * of_x + 1]);
                sums[o * ROWS + r] = fma((float) dot + factor.y, scale * factor.x, sums[o * ROWS + r]);
            }
        }
    }
    SUM_LANES(total, sums, OUT * ROWS)
    const int output = first + LANE / ROWS;
    if (LANE < OUT * ROWS && output < outputs) {
        GLOBAL float *to = y + y_offset + (LANE % ROWS) * y_pitch + output;
        *to = finish(epilogue, total, bias + bias_offset + output, to);
    }
}

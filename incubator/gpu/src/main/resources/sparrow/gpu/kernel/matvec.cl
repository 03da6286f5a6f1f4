// y[r, o] = sum over c of x[r, c] * w[o, c], for ROWS rows. A team computes OUT outputs. Each lane processes every 32nd
// piece of 16 bytes in their rows of w, containing VALUES numbers, for all rows of x. Then the sums of the lanes are
// added. Each sum is computed in the same order for every ROWS.
// The rows of w begin at first_row of its memory. SCALED: two pieces are a block of 32 numbers with a common scale.
KERNEL TEAM_ATTRIBUTE void NAME(
        GLOBAL const uint4 *restrict w,
#ifdef SCALED
        GLOBAL const ushort *restrict scales,
#endif
        GLOBAL const float4 *restrict x,
        int x_offset,
        int x_pitch,
        int first_row,
        int outputs,
        int pieces,
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
    for (int piece = LANE; piece < pieces; piece += 32) {
        UNROLL
        for (int o = 0; o < OUT; o++) {
            // Beyond the last output, its row is read again, and the result is unused.
            const long at = (long) (first_row + min(first + o, outputs - 1)) * pieces + piece;
            float values[VALUES];
            WIDEN(w[at], values);
#ifdef SCALED
            const float scale = HALF(scales, at / 2);
#endif
            UNROLL
            for (int r = 0; r < ROWS; r++) {
                GLOBAL const float4 *from = x + (x_offset + r * x_pitch + piece * VALUES) / 4;
#ifdef SCALED
                float sum = 0;
#else
                float sum = sums[o * ROWS + r];
#endif
                UNROLL
                for (int v = 0; v < VALUES / 4; v++) {
                    const float4 four = from[v];
                    sum = fma(values[4 * v], four.x, sum);
                    sum = fma(values[4 * v + 1], four.y, sum);
                    sum = fma(values[4 * v + 2], four.z, sum);
                    sum = fma(values[4 * v + 3], four.w, sum);
                }
#ifdef SCALED
                sum = fma(scale, sum, sums[o * ROWS + r]);
#endif
                sums[o * ROWS + r] = sum;
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

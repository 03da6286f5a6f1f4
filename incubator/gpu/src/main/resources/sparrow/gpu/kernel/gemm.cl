// y[r, o] = sum over c of x[r, c] * w[o, c], for many rows. A work-group of 256 items computes 128 outputs of 64 rows,
// DEPTH columns at a time. Both tiles are in local memory; the weights are widened and scaled, which is exact. An item
// computes 8 outputs, 16 apart, of 4 rows, and adds in column order. Beyond the last piece, row or output, the last one
// is read again, and the result is unused.
// SCALED as in matvec.cl. ROUNDED: x consists of bytes with the step sizes in factors, as written by round_blocks.cl.
KERNEL void NAME(
        GLOBAL const uint4 *restrict w,
#ifdef SCALED
        GLOBAL const ushort *restrict scales,
#endif
#ifdef ROUNDED
        GLOBAL const signed char *restrict x,
        GLOBAL const float2 *restrict factors,
#else
        GLOBAL const float *restrict x,
        int x_offset,
        int x_pitch,
#endif
        int first_row,
        int outputs,
        int pieces,
        GLOBAL const float *restrict bias,
        int bias_offset,
        GLOBAL float *restrict y,
        int y_offset,
        int y_pitch,
        int epilogue,
        int rows) {
    LOCAL float w_tile[DEPTH * 129];
    LOCAL float x_tile[DEPTH * 65];
    const int output = GROUP(0) * 128;
    const int row = GROUP(1) * 64;
    const int columns = pieces * VALUES;
    float sums[32]; // with an initialiser, pocl sometimes generates incorrect code
    UNROLL
    for (int i = 0; i < 32; i++) sums[i] = 0;
    for (int start = 0; start < columns; start += DEPTH) {
        for (int i = ITEM(); i < 128 * DEPTH / VALUES; i += 256) {
            const int o = i / (DEPTH / VALUES);
            const int c = i % (DEPTH / VALUES) * VALUES;
            const int piece = min((start + c) / VALUES, pieces - 1);
            const long at = (long) (first_row + min(output + o, outputs - 1)) * pieces + piece;
            float values[VALUES];
            WIDEN(w[at], values);
            const float scale = SCALE(scales, at * VALUES / 32);
            UNROLL
            for (int v = 0; v < VALUES; v++) w_tile[(c + v) * 129 + o] = scale * values[v];
        }
        for (int i = ITEM(); i < 64 * DEPTH; i += 256) {
            const int c = i % DEPTH;
            const int r = min(row + i / DEPTH, rows - 1);
#ifdef ROUNDED
            const float value = x[(long) r * columns + start + c] * factors[((long) r * columns + start) / 32].x;
#else
            const float value = start + c < columns ? x[x_offset + r * x_pitch + start + c] : 0;
#endif
            x_tile[c * 65 + i / DEPTH] = value;
        }
        BARRIER();
        for (int c = 0; c < DEPTH; c++) {
            UNROLL
            for (int r = 0; r < 4; r++) {
                const float of_x = x_tile[c * 65 + ITEM() / 16 * 4 + r];
                UNROLL
                for (int o = 0; o < 8; o++) {
                    sums[8 * r + o] = fma(w_tile[c * 129 + ITEM() % 16 + 16 * o], of_x, sums[8 * r + o]);
                }
            }
        }
        BARRIER();
    }
    UNROLL
    for (int i = 0; i < 32; i++) {
        const int r = row + ITEM() / 16 * 4 + i / 8;
        const int o = output + ITEM() % 16 + i % 8 * 16;
        GLOBAL float *to = y + y_offset + (long) r * y_pitch + o;
        if (r < rows && o < outputs) *to = finish(epilogue, sums[i], bias + bias_offset + o, to);
    }
}

// gemm.cl with MMA_BF16, for weights whose numbers, without their scales, are exactly representable in bf16. A
// work-group of 256 items computes 128 outputs of 64 rows, 32 columns at a time. A team computes 32 outputs of 32 rows:
// a is 16 outputs, b is 8 rows. Each number of x is split into two bf16 parts, with a relative error of at most 2^-17.
// PARTS is 1 if x is ROUNDED to whole steps, which bf16 represents exactly. The sums of 32 columns are multiplied by
// the scales of their block and added in f32.
// A word in local memory contains two columns. Rows are 4 words longer than necessary, so that items read from
// different banks.
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
    LOCAL uint w_tile[128 * 20];
    LOCAL uint x_tile[PARTS * 64 * 20];
#ifdef SCALED
    LOCAL float w_scales[128];
#endif
#ifdef ROUNDED
    LOCAL float x_steps[64];
#endif
    MMA_MEMORY
    const int output = GROUP(0) * 128;
    const int row = GROUP(1) * 64;
    const int columns = pieces * VALUES;
    // The first output and row of an item, as defined in mma_ptx.cl.
    const int of_output = ITEM() / 64 * 32 + ITEM() % 32 / 4;
    const int of_row = ITEM() / 32 % 2 * 32 + ITEM() % 4 * 2;
    float sums[32]; // of 2 x 4 matrices d; with an initialiser, pocl sometimes generates incorrect code
    UNROLL
    for (int i = 0; i < 32; i++) sums[i] = 0;
    for (int start = 0; start < columns; start += 32) {
        for (int i = ITEM(); i < 128 * 32 / VALUES; i += 256) {
            const int o = i / (32 / VALUES);
            const int c = i % (32 / VALUES) * VALUES;
            const int piece = min((start + c) / VALUES, pieces - 1);
            const long at = (long) (first_row + min(output + o, outputs - 1)) * pieces + piece;
            float values[VALUES];
            WIDEN(w[at], values);
            UNROLL
            for (int v = 0; v < VALUES; v += 2) w_tile[o * 20 + (c + v) / 2] = TWO_BF16(values[v], values[v + 1]);
#ifdef SCALED
            if (c == 0) w_scales[o] = HALF(scales, at * VALUES / 32);
#endif
        }
        for (int i = ITEM(); i < 64 * 16; i += 256) {
            const int c = start + i % 16 * 2;
            const int r = min(row + i / 16, rows - 1);
            const int to = i / 16 * 20 + i % 16;
#ifdef ROUNDED
            const long at = (long) r * columns + c;
            x_tile[to] = TWO_BF16((float) x[at], (float) x[at + 1]);
            if (i % 16 == 0) x_steps[i / 16] = factors[at / 32].x;
#else
            const long at = x_offset + (long) r * x_pitch + c;
            const float first = c < columns ? x[at] : 0;
            const float second = c < columns ? x[at + 1] : 0;
            const float first_part = nearest_bf16(first);
            const float second_part = nearest_bf16(second);
            x_tile[to] = TWO_BF16(first_part, second_part);
            x_tile[64 * 20 + to] = TWO_BF16(nearest_bf16(first - first_part), nearest_bf16(second - second_part));
#endif
        }
        BARRIER();
        float block[32];
        UNROLL
        for (int i = 0; i < 32; i++) block[i] = 0;
        UNROLL
        for (int word = 0; word < 16; word += 8) {
            uint a[8];
            UNROLL
            for (int i = 0; i < 8; i++) {
                a[i] = w_tile[(of_output + i / 4 * 16 + i % 2 * 8) * 20 + word + i % 4 / 2 * 4 + ITEM() % 4];
            }
            UNROLL
            for (int i = 0; i < 4 * PARTS; i++) {
                const int from = (i / 4 * 64 + ITEM() / 32 % 2 * 32 + i % 4 * 8 + ITEM() % 32 / 4) * 20 + word + ITEM() % 4;
                uint b[2];
                b[0] = x_tile[from];
                b[1] = x_tile[from + 4];
                MMA_BF16(block + i % 4 * 4, a, b)
                MMA_BF16(block + 16 + i % 4 * 4, a + 4, b)
            }
        }
        UNROLL
        for (int i = 0; i < 32; i++) {
            float scale = 1;
#ifdef SCALED
            scale = w_scales[of_output + i / 16 * 16 + i % 4 / 2 * 8];
#endif
#ifdef ROUNDED
            scale *= x_steps[of_row + i % 16 / 4 * 8 + i % 2];
#endif
            sums[i] = fma(scale, block[i], sums[i]);
        }
        BARRIER();
    }
    UNROLL
    for (int i = 0; i < 32; i++) {
        const int r = row + of_row + i % 16 / 4 * 8 + i % 2;
        const int o = output + of_output + i / 16 * 16 + i % 4 / 2 * 8;
        GLOBAL float *to = y + y_offset + (long) r * y_pitch + o;
        if (r < rows && o < outputs) *to = finish(epilogue, sums[i], bias + bias_offset + o, to);
    }
}

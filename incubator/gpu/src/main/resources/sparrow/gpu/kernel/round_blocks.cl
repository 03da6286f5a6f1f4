// Rounds each block of 32 numbers with its own step size: the largest magnitude becomes 127, and ties are rounded to
// even. One item per block. The bytes of a block are stored consecutively. Its factors are the step size, and minus 8
// times the sum of the bytes, which is the initial value of a dot product with nibbles, because a nibble n represents n
// - 8.
KERNEL void NAME(
        GLOBAL const float *x, GLOBAL uint *numbers, GLOBAL float2 *factors, int blocks, int x_offset, int x_pitch) {
    const int block = GROUP(0) * ITEMS + ITEM();
    if (block >= blocks) return;
    GLOBAL const float *from = x + x_offset + (long) GROUP(1) * x_pitch + 32 * block;
    const long at = (long) GROUP(1) * blocks + block;
    float largest = 0;
    for (int c = 0; c < 32; c++) largest = fmax(largest, fabs(from[c]));
    const float step = DIVIDE(largest, 127.0f);
    int sum = 0;
    for (int word = 0; word < 8; word++) {
        uint bytes = 0;
        for (int i = 0; i < 4 && step > 0; i++) {
            const float steps = DIVIDE(from[4 * word + i], step);
            // The result must fit in a byte, even if the step size is subnormal and therefore imprecise.
            const int q = (int) rint(fmin(fmax(steps, -127.0f), 127.0f));
            sum += q;
            bytes |= (uint) (q & 255) << (8 * i);
        }
        numbers[8 * at + word] = bytes;
    }
    factors[at].x = step;
    factors[at].y = -8 * sum;
}

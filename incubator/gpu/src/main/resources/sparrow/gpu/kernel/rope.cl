// Rotates the first n channels of every head: x[c] = x[c] * turn[c] + x[partner of c] * turn[n + c]. One item per pair
// of channels: neighbours or, with HALVES, channels n / 2 apart.
KERNEL void NAME(
        GLOBAL float *x,
        GLOBAL const float *turns,
        int heads,
        int head_width,
        int n,
        int x_offset,
        int x_pitch,
        int turns_offset,
        int turns_pitch) {
    const int pair = GROUP(0) * ITEMS + ITEM();
    const int pairs = n / 2;
    if (pair >= heads * pairs) return;
#ifdef HALVES
    const int first = pair % pairs;
    const int second = first + pairs;
#else
    const int first = 2 * (pair % pairs);
    const int second = first + 1;
#endif
    GLOBAL float *head = x + x_offset + (long) GROUP(1) * x_pitch + pair / pairs * head_width;
    GLOBAL const float *turn = turns + turns_offset + (long) GROUP(1) * turns_pitch;
    const float a = head[first];
    const float b = head[second];
    head[first] = a * turn[first] + b * turn[n + first];
    head[second] = b * turn[second] + a * turn[n + second];
}
